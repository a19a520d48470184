import type { AgentId } from '#protocol';
import type { Call } from '../shell/command.ts';
import { openTaskDesk } from './task-desk.ts';

/** Approves a checkpoint as a person; `TASK_TRANSITION_REFUSED` when it does not wait for one. Gives its state afterwards. */
export async function approveTask(call: Call, person: AgentId, id: string): Promise<string> {
  const desk = await openTaskDesk(call, person);
  desk.say(desk.may(id, 'approve'), { status: 'READY', move: 'APPROVED' });
  return desk.standing(id).state;
}
