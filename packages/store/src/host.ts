import { readdirSync } from 'node:fs';
import { consistsOf, isDigit, schema, type Schema } from '#protocol';
import { hasMachineClock, pidNamespace, UNKNOWN_NAMESPACE } from './pid-namespace.ts';
import { readWholeText } from './read-whole-text.ts';
import { isSystemError } from './store.ts';

/** One process of one boot of one host: enough to prove later that it is gone. */
export interface ProcessIdentity {
  readonly host: string;
  readonly boot: string;
  readonly pid: number;
  /** Start time in the operating system's own form; never the same twice for one pid of one boot. */
  readonly start: string;
  /** The namespace that the pid belongs to; absent for the machine's first one, which is all there is without containers. */
  readonly namespace?: string;
}

const { later, number, object, optional, string } = schema;

/** Decoder and JSON Schema of a {@link ProcessIdentity}. */
export const processIdentitySchema: Schema<ProcessIdentity> = later(() =>
  object<ProcessIdentity>({
    host: string(),
    boot: string(),
    pid: number({ integer: true, min: 1 }),
    start: string(),
    namespace: optional(string()),
  }),
);

/** What is known about a process. `unknown` whenever neither life nor death can be shown. */
export type Liveness = 'alive' | 'dead' | 'unknown';

let boot: string | undefined;
let host: string | undefined;
let own: string | undefined;

function ownStart(): string | undefined {
  own ??= processStart(process.pid);
  return own;
}

/** This host's name. Asked of the kernel where that can be read, because loading `node:os` costs a fast program 0.2 ms. */
export function hostName(): string {
  host ??=
    readOrUndefined('/proc/sys/kernel/hostname')?.trimEnd() ?? process.getBuiltinModule('node:os').hostname();
  return host;
}

/** An id of the running boot: the kernel's on Linux, else empty, which makes every judgement `unknown` and lets wall clocks count. */
export function bootId(): string {
  boot ??= readBootId();
  return boot;
}

function readBootId(): string {
  try {
    return hasMachineClock() ? readWholeText('/proc/sys/kernel/random/boot_id').trim() : '';
  } catch (error) {
    // What fails only now and then must not make this process measure time otherwise than the others.
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM')) return '';
    throw error;
  }
}

/** When a process started, or `undefined` when there is no such process or it cannot be told. */
export function processStart(pid: number): string | undefined {
  const stat = readOrUndefined(`/proc/${pid}/stat`);
  // Field 22 of proc(5); field 2, in parentheses, may itself hold spaces and parentheses.
  if (stat !== undefined) return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  if (process.platform === 'linux' || process.platform === 'win32') return undefined;
  // Loaded only here: it would cost every fast program a tenth of its start.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const answer = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const text = answer.status === 0 ? answer.stdout.trim() : '';
  return text === '' ? undefined : text;
}

/** The identity of a process that runs now on this host, by the pid that it has for us. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const start = processStart(pid);
  if (start === undefined) return undefined;
  const namespace = pidNamespace();
  const identity = { host: hostName(), boot: bootId(), pid, start };
  return namespace === undefined ? identity : { ...identity, namespace };
}

/** True for a number as processes have it. */
export function isPid(text: string): boolean {
  return text !== '' && text.length <= 10 && !text.startsWith('0') && consistsOf(text, isDigit);
}

/**
 * The process that `AGENT_PID` or `CLAUDE_PID` names, if it runs where we can see it. In a sandbox inside the agent the pid is
 * one of outside; whoever bears it here was started with the same variable, which the agent itself never was.
 */
export function identifyAgentProcess(env: NodeJS.ProcessEnv): ProcessIdentity | undefined {
  const name = env['AGENT_PID'] === undefined ? 'CLAUDE_PID' : 'AGENT_PID';
  const pid = env[name] ?? '';
  if (!isPid(pid)) return undefined;
  const identity = identifyProcess(Number(pid));
  if (identity?.namespace === undefined) return identity;
  const environment = readOrUndefined(`/proc/${pid}/environ`);
  const isOutside = environment === undefined || environment.split('\0').includes(`${name}=${pid}`);
  return isOutside ? undefined : identity;
}

/** Whether two identities name one process. */
export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return (
    a.pid === b.pid &&
    a.start === b.start &&
    a.namespace === b.namespace &&
    a.boot === b.boot &&
    a.host === b.host
  );
}

/**
 * Whether the process still runs. `dead` only with proof: same host, and either another boot, or, in our namespace of pids,
 * no process of that pid or one that started at another time (a reused pid). Zombies count as dead: they run no more code.
 */
export function livenessOf(identity: ProcessIdentity): Liveness {
  if (identity.host !== hostName() || identity.boot === '' || bootId() === '') return 'unknown';
  if (identity.boot !== bootId()) return 'dead';
  const namespace = pidNamespace();
  if (identity.namespace !== namespace || namespace === UNKNOWN_NAMESPACE) return 'unknown';
  // Who asks about itself lives.
  if (identity.pid === process.pid && identity.start === ownStart()) return 'alive';
  const stat = readStat(identity.pid);
  if (stat === 'unreadable') return 'unknown';
  if (stat === 'absent') return isNoProcess(identity.pid) ? 'dead' : 'unknown';
  const fields = stat.text.slice(stat.text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return 'dead';
  return fields[19] === identity.start ? 'alive' : 'dead';
}

/**
 * Whether any process of the group still runs code; `undefined` where `/proc` cannot tell. Zombies do not count:
 * in a container without an init they stay for ever.
 */
export function isGroupAlive(groupId: number): boolean | undefined {
  if (process.platform !== 'linux' || readOrUndefined('/proc/self/stat') === undefined) return undefined;
  return readdirSync('/proc').some((name) => {
    if (!/^\d+$/u.test(name)) return false;
    const stat = readOrUndefined(`/proc/${name}/stat`);
    const [state, , group] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    return Number(group) === groupId && state !== 'Z' && state !== 'X';
  });
}

function readStat(pid: number): { readonly text: string } | 'absent' | 'unreadable' {
  try {
    return { text: readWholeText(`/proc/${pid}/stat`) };
  } catch (error) {
    // Anything else, as too many open files, proves nothing about the process.
    return isSystemError(error, 'ENOENT', 'ESRCH') ? 'absent' : 'unreadable';
  }
}

// Processes of other users may be hidden from /proc; the kernel still knows them.
function isNoProcess(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return isSystemError(error, 'ESRCH');
  }
}

function readOrUndefined(path: string): string | undefined {
  try {
    return readWholeText(path);
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}
