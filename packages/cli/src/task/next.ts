import { EXIT, printableLine } from '#protocol';
import { choosable, isFinishedState, takingOrder, type Standing } from '#tasks';
import type { Command, Outcome } from '../shell/command.ts';
import { claimTask, MOVE_OPTIONS, openTaskDesk, standingJson, type TaskDesk } from './task-desk.ts';

/** `squad-task next`. */
export const nextCommand: Command = {
  name: 'next',
  summary:
    'The best task for you that is ready now: yours first, then those of nobody. Exit 3 when you have to wait',
  options: { ...MOVE_OPTIONS, claim: { kind: 'flag', summary: 'claim it in the same step' } },
  examples: ['squad-task next', 'squad-task next --claim --json'],
  async action(call) {
    const desk = await openTaskDesk(call);
    const standings = desk.standings();
    const own = [...standings.values()].find(
      (each) => each.claimedBy === desk.comms.me && !isFinishedState(each.state),
    );
    if (own !== undefined) return found(own, 'you have claimed it');
    for (const standing of choosable(standings.values(), desk.comms.me, takingOrder(desk.graph))) {
      // Another may have been faster since the look: then the next best.
      if (call.flag('claim') && claimTask(call, desk, standing) !== undefined) continue;
      return found(desk.standing(standing.task.id), reasonFor(desk, standing));
    }
    return nothing([...standings.values()]);
  },
};

function found(standing: Standing, why: string): Outcome {
  const { task } = standing;
  return {
    exitCode: EXIT.done,
    json: { kind: 'task', task: standingJson(standing), why },
    text: [
      `${task.id}  ${printableLine(task.title)}  (${standing.state}; ${why})`,
      ...(task.acceptance === undefined ? [] : [`  done when: ${printableLine(task.acceptance)}`]),
      `  ${standing.state === 'ready' ? `take it: squad-task start ${task.id}` : `finish it: squad-task done ${task.id}`}`,
    ].join('\n'),
  };
}

function reasonFor({ graph, comms }: TaskDesk, { task }: Standing): string {
  const count = graph.dependentsOf(task.id).length;
  const whose = task.agent === comms.me ? 'in your plan' : 'open to all';
  return `${whose}, ${task.priority} priority${count === 0 ? '' : `, ${count} waiting for it`}`;
}

function nothing(standings: readonly Standing[]): Outcome {
  const open = standings.filter(({ state }) => !isFinishedState(state));
  if (open.length === 0)
    return { exitCode: EXIT.done, json: { kind: 'finished' }, text: 'every task is finished' };
  const moving = open.filter(({ state }) =>
    ['ready', 'claimed', 'active', 'blocked', 'review'].includes(state),
  );
  const list = (each: readonly Standing[]): string[] =>
    each
      .slice(0, 10)
      .map(({ task, state, agent }) => `  ${task.id} ${state}${agent === undefined ? '' : ` with ${agent}`}`);
  if (moving.length > 0) {
    return {
      exitCode: EXIT.contention,
      json: { kind: 'wait', waitingFor: moving.map(({ task }) => task.id) },
      text: ['nothing is ready for you; these are under way:', ...list(moving)].join('\n'),
    };
  }
  const failed = open.filter(({ state }) => state === 'failed');
  return {
    exitCode: EXIT.failed,
    json: { kind: 'stuck', failed: failed.map(({ task }) => task.id) },
    text: [
      'what is left waits for failed tasks:',
      ...list(failed),
      '  run: squad-task retry <id>, or squad-task skip <id>',
    ].join('\n'),
  };
}
