import { foldInbox, foldLastStatus, readComms } from '#comms';
import type { CommBlock } from '#protocol';
import { EDIT_PURPOSE } from '../decide/lease-files.ts';
import { releaseOperations } from '../decide/judge-operations.ts';
import type { GuardPorts } from '../guard-ports.ts';
import type { HookRequest } from '../hook/hook-request.ts';
import type { Verdict } from '../hook/verdict.ts';
import { openSquadView } from '../squad-view.ts';
import { firstToSay, openSessionCall } from './session.ts';
import { toldLine } from '../told-line.ts';

/**
 * An agent wants to stop: one reminder when its task is open or a handoff waits for it. The same reminder never comes
 * twice in a session, and none when the client already goes on because of one.
 */
export async function settleStop(ports: GuardPorts, request: HookRequest): Promise<Verdict> {
  const call = openSessionCall(ports, request);
  if (call === undefined) return { kind: 'pass' };
  const { home, identity, sessionId } = call;
  const { agent } = identity;
  const view = await openSquadView(ports, home);
  releaseOperations(view.locks, {
    agent,
    isMeant: (session) => session === sessionId || session.startsWith(`${sessionId}/`),
  });
  if (view.config.guard.keepLeases === 'turn') {
    const taken = view.locks
      .table()
      .leases.filter((lease) => lease.agent === agent && lease.purpose === EDIT_PURPOSE);
    if (taken.length > 0)
      view.locks.release({ agent, resources: taken.map(({ resource }) => resource), wholly: true });
  }
  if (request.isStopRepeated) return { kind: 'pass' };
  const { blocks } = readComms(ports.store, home.squadDir);
  const open = openMatters(blocks, agent, supervisedTask(ports.env));
  const key = `reminded:${open.map(({ id }) => id).join(' ')}`;
  if (open.length === 0 || firstToSay(ports, call, [key]).length === 0) return { kind: 'pass' };
  const lines = open.map(({ line }) => `- ${line}`);
  return { kind: 'continue', reason: ['squad: before you stop (said once):', ...lines].join('\n') };
}

// A runner says itself how the task it started ended; a reminder would cost the agent a turn for nothing.
function supervisedTask({ SQUAD_RUN: run, SQUAD_TASK: task }: NodeJS.ProcessEnv): string | undefined {
  return run === undefined || run === '' ? undefined : task;
}

function openMatters(
  blocks: readonly CommBlock[],
  agent: string,
  supervised: string | undefined,
): readonly { readonly id: string; readonly line: string }[] {
  const handoffs = foldInbox(blocks, agent)
    .filter(({ kind }) => kind === 'handoff-request')
    .map(({ id, from, files, answer }) => ({
      id,
      line: `${from} hands you ${toldLine(files.join(', '), 160)}: ${toldLine(answer, 100)} (or: squad-comms decline ${toldLine(id, 40)})`,
    }));
  const last = foldLastStatus(blocks).get(agent);
  const task = last?.block.taskId;
  const isOpen =
    last !== undefined &&
    task !== undefined &&
    task !== supervised &&
    ['ACTIVE', 'REVIEW'].includes(last.status);
  const done = `finish it (squad-comms done ${toldLine(task ?? '', 40)} --evidence "<command>") or say where it stands (squad-comms status BLOCKED …)`;
  return [
    ...(isOpen ? [{ id: `task:${task}`, line: `${toldLine(task, 40)} is ${last.status}: ${done}` }] : []),
    ...handoffs,
  ];
}
