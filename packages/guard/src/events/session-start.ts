import { foldInbox, foldLastStatus, isSameAgent, readComms } from '#comms';
import type { CommBlock, PlanHeader } from '#protocol';
import { openTasks, readAgentPlan, readyTasks } from '../agent-plan.ts';
import type { GuardPorts } from '../guard-ports.ts';
import type { HookRequest } from '../hook/hook-request.ts';
import type { Verdict } from '../hook/verdict.ts';
import { openSquadView } from '../squad-view.ts';
import { taskLine } from '../words.ts';
import { firstToSay, openSessionCall, saveSession, type SessionCall } from './session.ts';
import { toldLine } from '../told-line.ts';

const MAX_LISTED = 5;

// Two hooks of one start (the plugin's and the project's) are no two starts.
const SAME_START_MS = 2000;

// A runner's own bookkeeping, which no agent would ask for.
const RUNNERS_OWN = /^(?:run|attempt):/u;

/** A session begins: it is recorded, and told who it is, its plan, who else works, what is held and what waits for it. */
export async function startSession(ports: GuardPorts, request: HookRequest): Promise<Verdict> {
  const call = openSessionCall(ports, request);
  if (call === undefined) return { kind: 'pass' };
  const { home, identity } = call;
  const { agent } = identity;
  const { endedAt: _gone, ...record } = identity.record ?? {};
  saveSession(
    ports,
    request,
    { ...call, identity: { ...identity, record: undefined } },
    { ...record, worktreeRoot: home.worktreeRoot },
  );
  const cause = request.cause ?? '';
  const [isFirst] = firstToSay(ports, call, [`started:${agent}:${cause}`], SAME_START_MS);
  if (isFirst === undefined) return { kind: 'pass' };
  const view = await openSquadView(ports, home);
  const data = { client: request.client, cause };
  view.journal.record({ kind: 'session.started', agent, session: call.sessionId, data });
  const { blocks } = readComms(ports.store, home.squadDir);
  const plan = await readAgentPlan(ports.store, home.squadDir, agent);
  const held = view.locks
    .table()
    .leases.filter((lease) => lease.agent !== agent && !RUNNERS_OWN.test(lease.resource));
  const waiting = foldInbox(blocks, agent).length;
  const lines = [
    ...whoLines(call, plan, blocks),
    ...listLine('also here', othersAtWork(blocks, agent)),
    ...listLine(
      'held by others',
      held.map((lease) => `${lease.resource} (${lease.agent})`),
    ),
    ...commandsLine(ports.env['SQUAD_BIN']),
    ...(waiting === 0
      ? []
      : [`${waiting} message${waiting === 1 ? '' : 's'} for you: squad-comms inbox --agent ${agent}`]),
  ];
  return { kind: 'tell', text: lines.join('\n') };
}

function whoLines(
  { identity }: SessionCall,
  plan: PlanHeader | undefined,
  blocks: readonly CommBlock[],
): readonly string[] {
  const { agent, named } = identity;
  const you = `squad: several agents work in this repository; you are ${agent}.`;
  if (named === 'generated') {
    return [
      `${you} Nobody said which agent this session is; if you follow a plan of .squad/parallel-plans: squad-guard bind <agent id>`,
    ];
  }
  if (plan === undefined) return [you];
  const open = openTasks(plan, blocks);
  const [next] = readyTasks(plan, blocks);
  const progress = `${plan.tasks.length - open.length}/${plan.tasks.length} tasks finished`;
  return [
    `${you} ${toldLine(plan.role, 60)}, ${progress}${next === undefined ? '' : `; next: ${taskLine(next)}`}`,
  ];
}

// Where a client's extension is not on the PATH of its shell.
function commandsLine(folder: string | undefined): readonly string[] {
  return folder === undefined || folder === ''
    ? []
    : [`the squad-… commands are in ${toldLine(folder, 200)}`];
}

function othersAtWork(blocks: readonly CommBlock[], agent: string): readonly string[] {
  return [...foldLastStatus(blocks).values()]
    .filter((last) => !isSameAgent(last.agent, agent) && last.status !== 'COMPLETE')
    .map(
      ({ agent: other, status, block }) =>
        `${other} ${status}${block.taskId === undefined ? '' : ` (${block.taskId})`}`,
    );
}

function listLine(title: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  const more = items.length > MAX_LISTED ? `, and ${items.length - MAX_LISTED} more` : '';
  return [
    `${title}: ${items
      .slice(0, MAX_LISTED)
      .map((item) => toldLine(item, 120))
      .join(', ')}${more}`,
  ];
}
