import { join } from 'node:path';
import { parseResource } from '#lock';
import type { TextChange } from '#ownership';
import type { RepoPath } from '#protocol';
import { identifyAgentProcess, type SquadHome } from '#store';
import { readyTasks } from '../agent-plan.ts';
import { askLeases } from '../decide/ask-leases.ts';
import { expandWrite } from '../decide/expand-write.ts';
import type { Finding } from '../decide/finding.ts';
import { judgeByMatrix } from '../decide/judge-files.ts';
import { operationSession, takeOperations } from '../decide/judge-operations.ts';
import { judgeWholeTree } from '../decide/judge-whole-tree.ts';
import type { Lessee } from '../decide/lease-files.ts';
import { createPermit, type Permit } from '../decide/permits.ts';
import { operationsIn, readCommand } from '../decide/read-command.ts';
import { changeBy } from '../decide/text-after.ts';
import { findGovernedPath } from '../governed-path.ts';
import type { GuardPorts } from '../guard-ports.ts';
import type { HookRequest } from '../hook/hook-request.ts';
import type { Verdict } from '../hook/verdict.ts';
import { identify } from '../identity.ts';
import type { ShellAnalysis } from '../shell/analyse-shell.ts';
import { openSquadView, type SquadView } from '../squad-view.ts';
import { renderRefusal } from '../words.ts';

/** Files that a tool call would write, by the `.squad/` that governs them. */
export interface Targets {
  readonly home: SquadHome;
  readonly paths: readonly RepoPath[];
  /** Paths that nobody may edit through a tool. */
  readonly refused: readonly Finding[];
}

// Above this many files a command is only checked: it takes no leases.
const MAX_LEASED = 50;

/** Before a tool runs: whether it may, and on the way the leases for what it will write. */
export async function judgePreTool(ports: GuardPorts, request: HookRequest): Promise<Verdict> {
  const { tool } = request;
  if (tool === undefined || tool.kind === 'other') return { kind: 'pass' };
  if (tool.kind === 'edit') {
    const targets = governedTargets(ports, request, tool.paths);
    return judgeAll(ports, request, { targets, analysis: undefined });
  }
  const analysis = await readCommand(ports, request, tool.command);
  const written = analysis.writes.flatMap((write) => expandWrite(ports.store, write));
  const targets = governedTargets(ports, request, written);
  return judgeAll(ports, request, { targets: withWorkingFolder(ports, request, targets), analysis });
}

/** Sorts paths by the `.squad/` that governs each; ungoverned ones fall away. */
export function governedTargets(
  ports: GuardPorts,
  request: HookRequest,
  paths: readonly string[],
): readonly Targets[] {
  const found = new Map<string, { home: SquadHome; paths: Set<RepoPath>; refused: Finding[] }>();
  for (const path of paths) {
    const place = findGovernedPath(ports.store, { path, cwd: request.cwd, env: ports.env });
    if (place.kind === 'free') continue;
    const key = `${place.home.squadDir}\0${place.home.worktreeRoot}`;
    const entry = found.get(key) ?? { home: place.home, paths: new Set(), refused: [] };
    found.set(key, entry);
    if (place.kind === 'governed') entry.paths.add(place.path);
    else entry.refused.push(unusable(place.shown, place.why));
  }
  return [...found.values()].map(({ home, paths, refused }) => ({ home, paths: [...paths], refused }));
}

function unusable(shown: string, why: string): Finding {
  return { subject: shown, code: 'path-refused', mode: 'block', why: `is refused: ${why}`, next: [] };
}

// A shell command may be an operation without naming a file: then the folder it runs in decides.
function withWorkingFolder(
  ports: GuardPorts,
  request: HookRequest,
  targets: readonly Targets[],
): readonly Targets[] {
  const place = findGovernedPath(ports.store, { path: 'x', cwd: request.cwd, env: ports.env });
  if (place.kind !== 'governed') return targets;
  const { home } = place;
  const isThere = targets.some((target) => target.home.worktreeRoot === home.worktreeRoot);
  return isThere ? targets : [{ home, paths: [], refused: [] }, ...targets];
}

async function judgeAll(
  ports: GuardPorts,
  request: HookRequest,
  what: { readonly targets: readonly Targets[]; readonly analysis: ShellAnalysis | undefined },
): Promise<Verdict> {
  const told: string[] = [];
  for (const targets of what.targets) {
    const isWorkingTree = targets === what.targets[0];
    const verdict = await judgeOne(ports, request, {
      targets,
      analysis: isWorkingTree ? what.analysis : undefined,
    });
    if (verdict.kind === 'deny' || verdict.kind === 'ask') return verdict;
    if (verdict.kind === 'tell') told.push(verdict.text);
  }
  return told.length === 0 ? { kind: 'pass' } : { kind: 'tell', text: told.join('\n') };
}

async function judgeOne(
  ports: GuardPorts,
  request: HookRequest,
  what: { readonly targets: Targets; readonly analysis: ShellAnalysis | undefined },
): Promise<Verdict> {
  const { home, paths, refused } = what.targets;
  const operationsMayMatter = (what.analysis?.commands.length ?? 0) > 0;
  if (paths.length === 0 && refused.length === 0 && !operationsMayMatter) return { kind: 'pass' };
  const { cwd } = request;
  const view = await openSquadView(ports, home);
  const agent = identify(ports, home, request)?.agent;
  const permit = createPermit(ports.store, home.squadDir, agent);
  const roles = ports.env['AGENT_TYPE'] === undefined ? [] : [ports.env['AGENT_TYPE']];
  const actor = agent === undefined ? undefined : { agent, roles };
  const changeOf = (path: RepoPath): TextChange | undefined => textChange(ports, request, { home, path });
  const matrix = await judgeByMatrix({ view, cwd, actor, paths, permit, changeOf });
  const lessee = lesseeOf(ports, request, { view, agent });
  const isHeldBack = [...refused, ...matrix.findings].some(({ mode }) => mode === 'block' || mode === 'ask');
  const onlyLook = isHeldBack || paths.length > MAX_LEASED;
  const shared = askLeases(view, { lessee, paths: matrix.shared, onlyLook: true, cwd });
  const taken = askLeases(view, { lessee, paths: matrix.open, onlyLook, cwd });
  const held = [...shared.findings, ...taken.findings];
  const operations =
    what.analysis === undefined || lessee === undefined
      ? []
      : await judgeOperations(ports, request, {
          view,
          lessee,
          analysis: what.analysis,
          isHeldBack: isHeldBack || held.length > 0,
        });
  const findings = [...refused, ...matrix.findings, ...held, ...operations];
  return conclude(request, { view, agent, paths, findings, told: taken.told, permit });
}

// What the tool will make of a file's text, where its input tells.
function textChange(
  ports: GuardPorts,
  request: HookRequest,
  { home, path }: { readonly home: SquadHome; readonly path: RepoPath },
): TextChange | undefined {
  const { tool, cwd } = request;
  if (tool?.kind !== 'edit') return undefined;
  const edits = tool.edits().filter((edit) => {
    const place = findGovernedPath(ports.store, { path: edit.path, cwd, env: ports.env });
    return place.kind === 'governed' && place.path === path;
  });
  return changeBy(ports.store.readText(join(home.worktreeRoot, path)), edits);
}

function lesseeOf(
  ports: GuardPorts,
  request: HookRequest,
  { view, agent }: { readonly view: SquadView; readonly agent: string | undefined },
): Lessee | undefined {
  if (agent === undefined) return undefined;
  const ttlMs = view.leaseTtlMs;
  return { agent, session: request.sessionId, holder: identifyAgentProcess(ports.env), ttlMs };
}

async function judgeOperations(
  ports: GuardPorts,
  request: HookRequest,
  how: {
    readonly view: SquadView;
    readonly lessee: Lessee;
    readonly analysis: ShellAnalysis;
    readonly isHeldBack: boolean;
  },
): Promise<readonly Finding[]> {
  const { view, lessee, analysis, isHeldBack } = how;
  const operations = await operationsIn(view.matrix, analysis);
  if (operations.length === 0) return [];
  const undoing = await judgeWholeTree(
    { store: ports.store, locks: view.locks, home: view.home },
    { agent: lessee.agent, analysis },
  );
  // Of a command that will not run, nothing is taken.
  const canRelease = request.client !== 'unknown' && !isHeldBack && undoing.length === 0;
  return [
    ...undoing,
    ...takeOperations(
      view.locks,
      { ...lessee, session: operationSession(request) },
      { operations, canRelease },
    ),
  ];
}

async function conclude(
  request: HookRequest,
  case_: {
    readonly view: SquadView;
    readonly agent: string | undefined;
    readonly paths: readonly RepoPath[];
    readonly findings: readonly Finding[];
    /** What the agent is to hear whatever the verdict is. */
    readonly told: readonly string[];
    readonly permit: Permit;
  },
): Promise<Verdict> {
  const { view, agent, paths, findings, told, permit } = case_;
  const worst = (['block', 'ask', 'warn', 'observe'] as const).find((mode) =>
    findings.some((finding) => finding.mode === mode),
  );
  view.journal.record({
    kind:
      worst === undefined
        ? 'guard.allowed'
        : worst === 'block'
          ? 'guard.refused'
          : `guard.${worst === 'ask' ? 'asked' : worst === 'warn' ? 'warned' : 'observed'}`,
    agent: agent ?? 'unnamed',
    ...(request.sessionId === undefined ? {} : { session: request.sessionId }),
    data: {
      client: request.client,
      tool: request.tool?.tool ?? '',
      paths: paths.slice(0, 20),
      ...(request.subAgent === undefined ? {} : { subAgent: request.subAgent }),
      ...(findings.length === 0
        ? {}
        : { findings: findings.slice(0, 20).map(({ subject, code, why }) => ({ subject, code, why })) }),
    },
  });
  if (worst === undefined || worst === 'observe')
    return told.length === 0 ? { kind: 'pass' } : { kind: 'tell', text: told.join('\n') };
  const shown = findings.filter(({ mode }) => mode !== 'observe');
  const withTold = (words: string): string => [...told, words].join('\n');
  if (worst === 'warn') return { kind: 'tell', text: withTold(renderRefusal(shown, undefined)) };
  const reason = withTold(renderRefusal(shown, await anotherTask(view, permit, { agent, findings })));
  return worst === 'ask' ? { kind: 'ask', reason } : { kind: 'deny', reason };
}

// The first ready task of the plan whose files nobody else holds and that is not about what was just refused.
async function anotherTask(
  view: SquadView,
  permit: Permit,
  { agent, findings }: { readonly agent: string | undefined; readonly findings: readonly Finding[] },
): Promise<Awaited<ReturnType<typeof readyTasks>>[number] | undefined> {
  const plan = await permit.plan();
  if (plan === undefined || agent === undefined) return undefined;
  const refused = new Set<string>(findings.map(({ subject }) => subject));
  return readyTasks(plan, permit.blocks()).find(({ files }) => {
    const written = [...files.create, ...files.modify].map((path) => path.replace(/^\/+/u, ''));
    if (written.some((path) => refused.has(path))) return false;
    const plain = written.filter((path) => parseResource(path).ok);
    return plain.length === 0 || view.locks.conflictsOf({ agent, resources: plain }).length === 0;
  });
}
