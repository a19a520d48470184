import { join, relative, sep } from 'node:path';
import { readConfig } from '#config';
import { kindOfResource, openLocks, parseResource, pathResource, type Locks } from '#lock';
import { requireDuration, SquadError } from '#protocol';
import { identifyAgentProcess, identifyProcess, isPid, toRepoPath, type ProcessIdentity } from '#store';
import type { Call, OptionSpec } from '../shell/command.ts';
import { openSquad, type Squad } from '../shell/squad.ts';

/** The leases of the repository the call is made in. */
export interface OpenLocks {
  readonly locks: Locks;
  readonly squad: Squad;
  readonly ttlMs: number;
  readonly maxHoldMs: number;
}

/** Opens the leases with the settings in force, for work in the caller's checkout or another. */
export async function openLocksFor(call: Call, worktreeRoot?: string): Promise<OpenLocks> {
  const { io } = call;
  const squad = openSquad(io);
  const { lock } = await readConfig(io.store, squad.squadDir);
  const ttlMs = requireDuration(lock.ttl);
  const maxHoldMs = requireDuration(lock.maxHold);
  const { store, clock, newId } = io;
  const { squadDir, journal } = squad;
  return {
    squad,
    ttlMs,
    maxHoldMs,
    locks: openLocks(
      { store, squadDir, clock, newId, journal },
      { ttlMs, maxHoldMs, isBrief: true, worktreeRoot: worktreeRoot ?? squad.worktreeRoot },
    ),
  };
}

/**
 * Resource names of what was typed, relative to the working folder: a path (an existing folder means all that is in
 * it), a pattern, or a named thing like `op:git`. A file that exists is itself even if its name looks like a pattern, and so is
 * one that is typed with a leading `./`.
 */
export function resourcesOf(call: Call, squad: Squad, typed: readonly string[] = call.positionals): string[] {
  return typed.map((text) => resourceOf(call, squad, text));
}

function resourceOf(call: Call, squad: Squad, text: string): string {
  const { store, cwd } = call.io;
  const isThere = store.stat(join(cwd, text)) !== undefined;
  const kind = kindOfResource(text);
  if (!isThere && (kind === 'named' || kind === 'pattern')) return parsed(rooted(squad, cwd, text));
  const path = toRepoPath(store, squad, { path: text, cwd });
  const isFolder =
    text.endsWith('/') ||
    text.endsWith('\\') ||
    store.stat(join(squad.worktreeRoot, path))?.kind === 'folder';
  return pathResource(path, isFolder);
}

// A pattern is written relative to the working folder, as a path is; `/src/*.ts` starts at the repository's root.
function rooted(squad: Squad, cwd: string, text: string): string {
  if (kindOfResource(text) === 'named' || text.startsWith('/')) return text;
  const below = relative(squad.worktreeRoot, cwd).split(sep).join('/');
  return below === '' || below.startsWith('..') ? text : `${below}/${text}`;
}

function parsed(text: string): string {
  const resource = parseResource(text);
  if (resource.ok) return resource.value;
  throw new SquadError({
    code: 'PATH_REFUSED',
    message: resource.error,
    data: { path: text },
    hint: 'name a path inside the repository, or a thing like op:git or port:3000',
  });
}

/** Milliseconds of a duration option, or the default. */
export function durationOption(call: Call, name: string, defaultMs: number): number {
  const text = call.value(name);
  return text === undefined
    ? defaultMs
    : requireDuration(text, { where: `--${name}`, hint: 'as in --ttl 10m' });
}

/** Options by which a holder's process and session are named. */
export const HOLDER_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  session: {
    kind: 'value',
    value: 'ID',
    summary: 'session that acquires are counted for (default: AGENT_SESSION)',
  },
  pid: {
    kind: 'value',
    value: 'PID',
    summary: "the agent's long-lived process (default: AGENT_PID, CLAUDE_PID)",
  },
};

/** The session of the call, if it has one. */
export function sessionOf(call: Call): { session?: string } {
  const session = call.value('session') ?? call.io.env['AGENT_SESSION'];
  return session === undefined || session === '' ? {} : { session };
}

/**
 * The process that stands for the agent: `--pid`, `AGENT_PID` or `CLAUDE_PID`, never this short-lived command.
 * A `--pid` that does not run is an error; one from the environment is then ignored.
 */
export function holderOf(call: Call): { holder?: ProcessIdentity } {
  const typed = call.value('pid') ?? '';
  const holder =
    typed === ''
      ? identifyAgentProcess(call.io.env)
      : isPid(typed)
        ? identifyProcess(Number(typed))
        : undefined;
  if (holder !== undefined) return { holder };
  if (typed === '') return {};
  throw new SquadError({
    code: 'USAGE',
    message: `--pid ${typed}: there is no such process`,
    hint: "give the pid of the agent's own process, or leave --pid away",
  });
}
