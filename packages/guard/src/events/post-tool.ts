import { renderInstant } from '#protocol';
import { judgeWrite } from '#ownership';
import { recordChange } from '#store';
import { writtenPaths } from '../decide/expand-write.ts';
import { createPermit } from '../decide/permits.ts';
import { readCommand } from '../decide/read-command.ts';
import { EDIT_PURPOSE } from '../decide/lease-files.ts';
import { operationSession, releaseOperations } from '../decide/judge-operations.ts';
import type { GuardPorts } from '../guard-ports.ts';
import type { HookRequest } from '../hook/hook-request.ts';
import type { Verdict } from '../hook/verdict.ts';
import { identify } from '../identity.ts';
import { openSquadView, type SquadView } from '../squad-view.ts';
import { governedTargets, type Targets } from './pre-tool.ts';

// Of a command that wrote more, the rest is met at commit.
const MAX_RECORDED = 200;

/**
 * After a tool: what it changed is recorded for the next status block and commit, the agent's leases are renewed, the
 * operation that its command needed is given back, and leases of what it just committed are released. A file that was written
 * although it is another's (a link moved between check and write) is said aloud.
 */
export async function settlePostTool(ports: GuardPorts, request: HookRequest): Promise<Verdict> {
  const { tool } = request;
  if (tool === undefined || tool.kind === 'other') return { kind: 'pass' };
  const isFailed = /failure$/iu.test(request.hookName);
  const analysis = tool.kind === 'shell' ? await readCommand(ports, request, tool.command) : undefined;
  const paths =
    tool.kind === 'edit'
      ? tool.paths
      : (analysis?.writes ?? []).flatMap((write) => writtenPaths(ports.store, write));
  const targets = governedTargets(ports, request, isFailed ? [] : paths.slice(0, MAX_RECORDED));
  const told: string[] = [];
  for (const target of targets) told.push(...(await settleFiles(ports, request, target)));
  if (analysis !== undefined && analysis.commands.length > 0)
    await settleCommand(ports, request, analysis.commands);
  return told.length === 0 ? { kind: 'pass' } : { kind: 'tell', text: told.join('\n') };
}

async function settleFiles(
  ports: GuardPorts,
  request: HookRequest,
  targets: Targets,
): Promise<readonly string[]> {
  const { home, paths } = targets;
  const agent = identify(ports, home, request)?.agent;
  if (agent === undefined) return [];
  const view = await openSquadView(ports, home);
  const at = renderInstant(ports.clock.wallMs());
  for (const path of paths)
    recordChange(ports.store, home.squadDir, agent, { path, worktreeRoot: home.worktreeRoot, at });
  renewFading(view, agent);
  const permit = createPermit(ports.store, home.squadDir, agent);
  const foreign: string[] = [];
  for (const path of paths) {
    const verdict = judgeWrite(view.matrix, { path, actor: { agent, roles: [] } });
    if (verdict.kind === 'allowed' || verdict.mode === 'observe') continue;
    if (await permit.covers(path, verdict.resolution)) continue;
    view.journal.record({
      kind: 'guard.violated',
      agent,
      data: { path, why: verdict.why, client: request.client },
    });
    foreign.push(
      `squad: ${path} was written although it is ${verdict.why}; put it back (git restore) or tell its owner: squad-own who ${path}`,
    );
  }
  return foreign;
}

function renewFading(view: SquadView, agent: string): void {
  const own = view.locks.table().leases.filter((lease) => lease.agent === agent && !lease.reserved);
  const isFading = own.some(
    (lease) => lease.purpose === EDIT_PURPOSE && lease.remainingMs < view.leaseTtlMs / 2,
  );
  if (isFading) view.locks.renew({ agent, all: true });
}

async function settleCommand(
  ports: GuardPorts,
  request: HookRequest,
  commands: readonly (readonly string[])[],
): Promise<void> {
  const [target] = governedTargets(ports, request, ['x']);
  const agent = target === undefined ? undefined : identify(ports, target.home, request)?.agent;
  if (target === undefined || agent === undefined) return;
  const view = await openSquadView(ports, target.home);
  const own = operationSession(request);
  releaseOperations(view.locks, { agent, isMeant: (session) => own === undefined || session === own });
  const hasCommitted = commands.some(
    (words) => words.includes('commit') && /^(?:git|squad-own)$/u.test(words[0] ?? ''),
  );
  if (hasCommitted) await releaseCommitted(view, agent);
}

/** Gives back the leases that the guard took for files of this checkout that have no uncommitted change any more. */
async function releaseCommitted(view: SquadView, agent: string): Promise<void> {
  const taken = view.locks
    .table()
    .leases.filter((lease) => lease.agent === agent && lease.purpose === EDIT_PURPOSE);
  if (taken.length === 0) return;
  const { listChanges } = await import('#git');
  const changed = new Set((await listChanges(view.home.worktreeRoot)).map(({ path }) => path));
  const clean = taken.filter(({ resource }) => !changed.has(resource)).map(({ resource }) => resource);
  if (clean.length > 0) view.locks.release({ agent, resources: clean, wholly: true });
}
