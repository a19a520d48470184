import { join, resolve } from 'node:path';
import { pathResource } from '#lock';
import { SquadError } from '#protocol';
import type { FanoutItem } from '#runner';
import { toRepoPath } from '#store';
import type { Call } from '../shell/command.ts';
import type { Squad } from '../shell/squad.ts';

/** The files of a fan-out: from the command line, a list file, or standard input (`--from -`), each once. */
export async function readItems(call: Call, squad: Squad): Promise<readonly FanoutItem[]> {
  const from = call.value('from');
  const listed = from === undefined ? [] : splitList(await readList(call, from), call.flag('null'));
  const keys = [...new Set([...call.positionals, ...listed])];
  const after = readAfter(call, keys);
  return keys.map((key, index) => {
    const previous = call.flag('ordered') ? keys.slice(Math.max(0, index - 1), index) : [];
    return {
      ...itemAt(call, squad, { key, cwd: call.io.cwd }),
      after: [...previous, ...(after.get(key) ?? [])],
    };
  });
}

/** An item by its key, relative to the folder the run was started in. `PATH_REFUSED` when it lies outside the repository. */
export function itemAt(
  call: Call,
  squad: Squad,
  { key, cwd }: { key: string; cwd: string },
): Omit<FanoutItem, 'after'> {
  const path = toRepoPath(call.io.store, squad, { path: key, cwd });
  return { key, path: join(squad.worktreeRoot, path), resource: pathResource(path) };
}

// The list is read to its end before anything starts, so no command can eat what is left of it.
async function readList(call: Call, from: string): Promise<string> {
  if (from !== '-') {
    const text = call.io.store.readText(resolve(call.io.cwd, from));
    if (text !== undefined) return text;
    throw new SquadError({
      code: 'FILE_UNREADABLE',
      message: `there is no list ${from}`,
      hint: '--from - reads standard input',
    });
  }
  const chunks: Buffer[] = [];
  for await (const chunk of call.io.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

// One path a line, spaces and all; empty lines and a final CR do not count. With --null the separator is NUL (find -print0).
function splitList(text: string, isNull: boolean): readonly string[] {
  const parts = isNull ? text.split('\0') : text.replace(/^\uFEFF/u, '').split(/\r?\n/u);
  return parts.filter((part) => part.trim() !== '');
}

function readAfter(call: Call, keys: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const after = new Map<string, string[]>();
  for (const pair of call.list('after')) {
    const at = pair.indexOf('=');
    const [item, first] = [pair.slice(0, at), pair.slice(at + 1)];
    const unknown = [item, first].find((key) => !keys.includes(key));
    if (at <= 0 || unknown !== undefined) {
      throw new SquadError({
        code: 'USAGE',
        message:
          at <= 0
            ? `--after is ITEM=EARLIER, not "${pair}"`
            : `--after names "${unknown}", which is not in the list`,
        hint: "as in --after 'src/b.ts=src/a.ts': b is worked on after a",
      });
    }
    after.set(item, [...(after.get(item) ?? []), first]);
  }
  refuseCircle(after);
  return after;
}

function refuseCircle(after: ReadonlyMap<string, readonly string[]>): void {
  const settled = new Set<string>();
  const visit = (key: string, path: readonly string[]): void => {
    if (settled.has(key)) return;
    if (path.includes(key)) {
      const circle = [...path.slice(path.indexOf(key)), key].join(' after ');
      throw new SquadError({ code: 'USAGE', message: `--after goes in a circle: ${circle}` });
    }
    for (const next of after.get(key) ?? []) visit(next, [...path, key]);
    settled.add(key);
  };
  for (const key of after.keys()) visit(key, []);
}
