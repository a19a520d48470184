import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runBin } from '../../support/bins.ts';
import { writeIn } from '../../support/guarded.ts';
import { gitIn, testRepository } from '../../support/repository.ts';
import { opencode } from './opencode.ts';
import { claude, codex, geminiCli, type Driver } from './real-client.ts';
import type { ScriptStep, ScriptedCall } from './scripted-model.ts';

/** The real clients, or those that `DOTSQUAD_ONLY` names. */
export const DRIVERS: readonly Driver[] = [geminiCli, claude, codex, opencode].filter(({ name }) => {
  const only = process.env['DOTSQUAD_ONLY'];
  return only === undefined || only.split(',').includes(name);
});

/** The rows of a `test.each` for those of these drivers that are asked for. */
export function rowsOf(drivers: readonly Driver[]): readonly (readonly [string, Driver])[] {
  return drivers.filter((driver) => DRIVERS.includes(driver)).map((driver) => [driver.name, driver] as const);
}

/** A committed repository with the client's project installation, in which bob owns `theirs.txt`. */
export async function installedRepository(
  driver: Driver,
  flags: readonly string[] = [`--${driver.name}`],
): Promise<string> {
  const root = testRepository({ 'shared.txt': 'one\n', 'theirs.txt': 'bob\n', 'src/deep/x.txt': 'x\n' });
  const init = await runBin('squad-init', flags, { cwd: root });
  expect(init.code).toBe(0);
  writeIn(root, '.squad/ownership.yaml', '/theirs.txt: { owner: bob, access: EXCLUSIVE }\n');
  gitIn(root, 'add', '--all');
  gitIn(root, 'commit', '--quiet', '--message', 'Install');
  return root;
}

/** Each call in a step of its own. */
export function oneByOne(calls: readonly ScriptedCall[]): readonly ScriptStep[] {
  return calls.map((call) => ({ calls: [call] }));
}

/** The leases in force, as `path agent`. */
export async function leasesIn(root: string): Promise<readonly string[]> {
  const { stdout } = await runBin('squad-lock', ['list', '--json'], { cwd: root });
  const { leases } = JSON.parse(stdout) as { leases: { path: string; agent: string }[] };
  return leases.map(({ path, agent }) => `${path} ${agent}`);
}

/** A record of the journal, as far as the scenarios look at it. */
export interface JournalLine {
  readonly kind: string;
  readonly agent: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The journal's records in their order. */
export function journalIn(root: string): readonly JournalLine[] {
  const lines = readFileSync(join(root, '.squad/logs/events.ndjson'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as JournalLine);
}
