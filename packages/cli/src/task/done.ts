import { resolveCommit } from '#git';
import { EXIT, type Evidence } from '#protocol';
import type { Standing } from '#tasks';
import { blockBase } from '../comms/comms-desk.ts';
import { runEvidence } from '../comms/run-evidence.ts';
import { readDurationMs } from '../run/settings.ts';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { MOVE_OPTIONS, openTaskDesk, standingJson, type TaskDesk } from './task-desk.ts';

/** `squad-task done`. */
export const doneCommand: Command = {
  name: 'done',
  summary:
    'Finish a task: its acceptance command and your evidence are run, and a failing one makes it not done',
  positionals: '<task>',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    ...MOVE_OPTIONS,
    evidence: {
      kind: 'list',
      value: 'COMMAND',
      summary: 'a command that must succeed, beside the acceptance command',
    },
    summary: { kind: 'value', value: 'TEXT', summary: 'what was done' },
    timeout: { kind: 'value', value: 'DURATION', summary: 'for each command (default 30m)' },
  },
  examples: [
    'squad-task done T-03',
    'squad-task done T-03 --evidence "npm test" --summary "dashboard renders"',
  ],
  async action(call) {
    const [id = ''] = call.positionals;
    const desk = await openTaskDesk(call);
    const standing = desk.may(id, 'done');
    const { evidence, failed } = await prove(call, standing);
    if (failed !== undefined) return notDone(id, failed);
    await report(call, desk, { standing, evidence });
    desk.claims.release(id, desk.comms.me);
    return outcomeOf(desk, id);
  },
};

async function prove(
  call: Call,
  { task }: Standing,
): Promise<{ readonly evidence: readonly Evidence[]; readonly failed?: Evidence }> {
  const { io } = call;
  const commands = [...(task.acceptance === undefined ? [] : [task.acceptance]), ...call.list('evidence')];
  const timeoutMs = readDurationMs(call, 'timeout', 30 * 60_000);
  const evidence: Evidence[] = [];
  for (const command of commands) {
    const ran = await runEvidence(command, {
      cwd: io.cwd,
      env: io.env,
      signal: io.signal,
      timeoutMs,
      output: io.stderr,
    });
    if (ran.exitCode !== 0) return { evidence, failed: ran };
    evidence.push(ran);
  }
  return { evidence };
}

async function report(
  call: Call,
  { comms }: TaskDesk,
  { standing, evidence }: { standing: Standing; evidence: readonly Evidence[] },
): Promise<void> {
  const { worktreeRoot, isGit } = comms.squad;
  const commit = isGit ? await resolveCommit(worktreeRoot, 'HEAD') : undefined;
  const summary = call.value('summary');
  comms.write({
    kind: 'completion',
    ...blockBase(comms),
    at: call.io.clock.wallMs(),
    taskId: standing.task.id,
    ...(summary === undefined ? {} : { summary }),
    filesModified: [],
    evidence: evidence.map((item) => (commit === undefined ? item : { ...item, commit })),
  });
}

function notDone(id: string, failed: Evidence): Outcome {
  return {
    exitCode: EXIT.failed,
    json: { kind: 'evidence-failed', task: id, failed },
    text: `${id} is not done: "${failed.command}" exited with ${failed.exitCode}`,
  };
}

function outcomeOf(desk: TaskDesk, id: string): Outcome {
  const now = desk.standing(id);
  const next = now.state === 'review' ? `\n  a person has to approve it: squad-task approve ${id}` : '';
  const claim = now.isProven ? '' : '\n  without a command that proves it, this is a claim';
  return {
    exitCode: EXIT.done,
    json: { kind: now.state, task: standingJson(now) },
    text: `${id} is ${now.state}${next}${claim}`,
  };
}
