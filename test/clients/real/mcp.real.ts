import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DRIVERS, installedRepository, journalIn, leasesIn, oneByOne } from './installed-repository.ts';
import { opencode } from './opencode.ts';
import { claude, codex, geminiCli, modelFor, runClient, type Driver } from './real-client.ts';
import type { ScriptedCall } from './scripted-model.ts';

interface Door {
  readonly driver: Driver;
  readonly call: (tool: string, input: ScriptedCall['input']) => ScriptedCall;
  readonly more?: readonly string[];
  /** The client tells the server its session; elsewhere the agent has to be named. */
  readonly agent: string;
}

const ALLOW = ['--allowedTools', 'mcp__squad'];
const prefixed =
  (prefix: string): Door['call'] =>
  (tool, input) => ({ name: `${prefix}${tool}`, input });

const DOORS = new Map<string, Door>([
  ['claude', { driver: claude, call: prefixed('mcp__squad__'), more: ALLOW, agent: '' }],
  ['codex', { driver: codex, call: (name, input) => ({ name, namespace: 'mcp__squad', input }), agent: '' }],
  ['gemini', { driver: geminiCli, call: prefixed('mcp_squad_'), agent: 'alice' }],
  ['opencode', { driver: opencode, call: prefixed('squad_'), agent: 'alice' }],
]);

test.each([...DOORS].filter(([, { driver }]) => DRIVERS.includes(driver)))(
  '%s: a lease that is taken through MCP is the one of the session, whose hooks let it edit',
  async (_, { driver, call, more = [], agent }) => {
    const root = await installedRepository(driver);
    const during: string[] = [];
    const model = await modelFor(driver, {
      main: [
        { calls: [call('claim', { paths: ['shared.txt'], purpose: 'by MCP' })] },
        { calls: [call('claim', { paths: ['../outside.txt'] })] },
        { calls: [call('inbox', {})] },
        ...oneByOne(driver.edit(join(root, 'shared.txt'), 'one', 'mine')),
        async () => {
          during.push(...(await leasesIn(root)));
          return { text: 'bye' };
        },
      ],
    });
    await runClient(driver, { cwd: root, root, model, script: 'main', agent, more });
    const session = journalIn(root).find(({ kind }) => kind === 'session.started');
    const name = session?.agent ?? 'nobody';
    expect(during).toEqual([`shared.txt ${name}`]);
    expect(await leasesIn(root)).toEqual([]);
    const told = model.told('main').replaceAll('\\', '');
    expect(told).toContain(`"kind":"acquired","leases":[{"path":"shared.txt","token":1,"agent":"${name}"`);
    expect(told).toContain('"code":"PATH_REFUSED"');
    expect(told).toContain(`"agent":"${name}","items":[]`);
  },
);
