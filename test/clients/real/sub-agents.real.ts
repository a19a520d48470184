import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DRIVERS, installedRepository, journalIn, oneByOne } from './installed-repository.ts';
import { opencode } from './opencode.ts';
import { claude, codex, geminiCli, modelFor, runClient, type Driver } from './real-client.ts';
import type { ScriptStep, ScriptedCall } from './scripted-model.ts';

const PROMPT = '@@script:sub go';

interface Delegation {
  readonly driver: Driver;
  /** Starts the sub-agent, and stays until it is done. */
  readonly main: readonly ScriptStep[];
  readonly more?: readonly string[];
}

const inForeground = { description: 'edit', prompt: PROMPT, run_in_background: false };

// Codex starts its sub-agents in the background; it keeps the tools of the first generation behind its tool search.
function codexSteps(namespace: string, input: ScriptedCall['input']): readonly ScriptStep[] {
  const wait: ScriptStep = (told) => {
    const id = /agent_id[\\":]+([0-9a-f-]{36})/u.exec(told)?.[1];
    const target = id === undefined ? {} : { targets: [id] };
    return { calls: [{ name: 'wait_agent', namespace, input: { ...target, timeout_ms: 60_000 } }] };
  };
  return [{ calls: [{ name: 'spawn_agent', namespace, input }] }, wait];
}

const DELEGATIONS = new Map<string, Delegation>([
  [
    'claude',
    {
      driver: claude,
      main: oneByOne([{ name: 'Agent', input: { ...inForeground, subagent_type: 'general-purpose' } }]),
    },
  ],
  [
    'gemini',
    {
      driver: geminiCli,
      main: oneByOne([{ name: 'invoke_agent', input: { agent_name: 'generalist', prompt: PROMPT } }]),
    },
  ],
  ['codex', { driver: codex, main: codexSteps('multi_agent_v1', { message: PROMPT }) }],
  [
    'codex, multi_agent_v2',
    {
      driver: codex,
      main: codexSteps('collaboration', { task_name: 'edit', message: PROMPT }),
      more: ['--enable', 'multi_agent_v2'],
    },
  ],
  [
    'opencode',
    {
      driver: opencode,
      main: oneByOne([
        { name: 'task', input: { description: 'edit', prompt: PROMPT, subagent_type: 'general' } },
      ]),
    },
  ],
]);

test.each([...DELEGATIONS].filter(([, { driver }]) => DRIVERS.includes(driver)))(
  '%s: a sub-agent is held to the same, as the agent of its session',
  async (_, { driver, main, more = [] }) => {
    const root = await installedRepository(driver);
    const file = join(root, 'theirs.txt');
    const model = await modelFor(driver, {
      main,
      sub: [
        ...oneByOne(driver.edit(file, 'bob', 'stolen')),
        { calls: [driver.shell('echo stolen > theirs.txt')] },
        ...oneByOne(driver.edit(join(root, 'shared.txt'), 'one', 'mine')),
      ],
    });
    await runClient(driver, { cwd: root, root, model, script: 'main', agent: '', more });
    expect(readFileSync(file, 'utf8')).toBe('bob\n');
    expect(readFileSync(join(root, 'shared.txt'), 'utf8')).toBe('mine\n');
    expect(model.told('sub').match(/theirs\.txt is EXCLUSIVE to bob/gu)?.length).toBeGreaterThanOrEqual(2);
    expect(new Set(journalIn(root).map(({ agent }) => agent)).size).toBe(1);
  },
);
