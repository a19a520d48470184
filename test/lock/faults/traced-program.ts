import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binPath, cleanEnvironment } from '../../support/bins.ts';

/** Whether system calls can be made to fail here. */
export const CAN_TRACE: boolean = existsSync('/usr/bin/strace') && canTrace();

/** What to print where they cannot. */
export const CANNOT_TRACE =
  'faults: strace is not installed or may not trace (Debian: apt-get install strace): system calls that fail were NOT tried';

/** One system call of a program that concerns `.squad`, by its name and how many of that name came before it. */
export interface SystemCall {
  readonly name: string;
  readonly nth: number;
  readonly line: string;
}

/** A fault at a call: the error it answers with, or the death of the program just before it. */
export type Fault = SystemCall & { readonly how: string };

/** What a program did. */
export interface Traced {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What strace wrote. */
  readonly lines: readonly string[];
}

const TRACED =
  '?open,?openat,?read,?pread64,?write,?pwrite64,?close,?fstat,?stat,?lstat,?statx,' +
  '?newfstatat,?access,?link,?linkat,?unlink,?unlinkat,?rename,?renameat2,?mkdir,?rmdir,?getdents64,?utimensat,?fsync,?fdatasync,?ftruncate,?inotify_add_watch';

function canTrace(): boolean {
  return spawnSync('/usr/bin/strace', ['-f', '-o', '/dev/null', 'true']).status === 0;
}

/** Runs a bin under strace in a folder, with a fault or without. */
export function runTraced(
  root: string,
  [bin, ...args]: readonly [Parameters<typeof binPath>[0], ...string[]],
  fault?: Fault,
): Traced {
  // Beside the repository, so that what is traced is not what writes the trace.
  const outside = `${root}.trace`;
  mkdirSync(outside, { recursive: true });
  const output = join(outside, 'calls');
  const which = fault === undefined ? TRACED : fault.name;
  const inject = fault === undefined ? [] : ['-e', `inject=${fault.name}:${fault.how}:when=${fault.nth}`];
  const options = ['-f', '--seccomp-bpf', '-y', '-s', '0', '-o', output, '-e', `trace=${which}`, ...inject];
  const { status, stdout, stderr } = spawnSync(
    '/usr/bin/strace',
    [...options, process.execPath, binPath(bin), ...args],
    { cwd: root, encoding: 'utf8', env: { ...cleanEnvironment(), AGENT_ID: 'agent-1', NO_COLOR: '1' } },
  );
  return { code: status, stdout, stderr, lines: readFileSync(output, 'utf8').split('\n') };
}

/** The calls that a run made on something of `.squad` or to judge a process, in the thread that does the work. */
export function callsOf({ lines }: Traced): SystemCall[] {
  const counts = new Map<string, number>();
  const main = lines[0]?.split(' ')[0] ?? '';
  return lines.flatMap((line) => {
    const [, thread, name] = /^(\d+) +(\w+)\(/u.exec(line) ?? [];
    if (thread !== main || name === undefined) return [];
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return /\/\.squad|\/proc\/\d+\/stat|boot_id/u.test(line) ? [{ name, nth, line }] : [];
  });
}

const MANY = 100;

/** Of many calls that differ in a number alone, as the reading of slot after slot, the first and the last. */
export function withoutRepeats(calls: readonly SystemCall[]): readonly SystemCall[] {
  if (calls.length <= MANY) return calls;
  const kindOf = ({ name, line }: SystemCall): string =>
    `${name} ${/\.squad[^>",]*/u.exec(line)?.[0].replaceAll(/\d+/gu, '0') ?? ''}`;
  const kinds = calls.map(kindOf);
  return calls.filter((_, index) => {
    const kind = kinds[index] ?? '';
    return kinds.indexOf(kind) === index || kinds.lastIndexOf(kind) === index;
  });
}

/** Whether the fault happened where it was meant to: counts can differ a little from run to run. */
export function isStruck(traced: Traced, fault: Fault): boolean {
  if (fault.how.startsWith('signal'))
    return traced.code === null || traced.lines.some((line) => line.includes('SIGKILL'));
  const struck = traced.lines.find((line) => line.includes('(INJECTED)'));
  return struck !== undefined && /\/\.squad|\/proc\/\d+\/stat|boot_id/u.test(struck);
}
