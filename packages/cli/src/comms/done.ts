import { readConfig } from '#config';
import { EXIT, requireDuration } from '#protocol';
import { loadTasks, requiredGates } from '#tasks';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION, type Squad } from '../shell/squad.ts';
import { blockBase, openDesk } from './comms-desk.ts';
import { countUncommitted, prove } from './prove.ts';

/** `squad-comms done`. */
export const doneCommand: Command = {
  name: 'done',
  summary: 'Report a task complete, proven by commands that this program runs: those it needs, and yours',
  positionals: '[task]',
  maxPositionals: 1,
  options: {
    ...AGENT_OPTION,
    task: { kind: 'value', value: 'ID', summary: 'the finished task' },
    evidence: {
      kind: 'list',
      value: 'COMMAND',
      summary: 'a further command that must succeed; may be given several times',
    },
    files: { kind: 'list', value: 'PATHS', summary: 'files changed, with commas between' },
    summary: { kind: 'value', value: 'TEXT', summary: 'what was done' },
    timeout: { kind: 'value', value: 'DURATION', summary: 'for each command (default 30m)' },
  },
  examples: ['squad-comms done T-03 --evidence "npm test" --summary "dashboard renders"'],
  action: reportDone,
};

async function reportDone(call: Call): Promise<Outcome> {
  const desk = openDesk(call);
  const task = call.positionals[0] ?? call.value('task');
  const files = desk.paths(call.list('files')).map((path) => ({ path }));
  const commands = await commandsFor(call, desk.squad, task);
  const { evidence, failed } = await prove(call.io, desk.squad, { commands, timeoutMs: timeoutMs(call) });
  const taskPart = task === undefined ? {} : { taskId: task };
  if (failed !== undefined) {
    desk.write({ kind: 'gate', ...blockBase(desk), ...taskPart, evidence });
    return {
      exitCode: EXIT.failed,
      json: { kind: 'evidence-failed', task, failed },
      notice: `not complete: "${failed.command}" exited with ${failed.exitCode}`,
    };
  }
  const uncommitted = await countUncommitted(
    desk.squad,
    files.map(({ path }) => path),
  );
  const summary = call.value('summary');
  const text = desk.write({
    kind: 'completion',
    ...blockBase(desk),
    ...taskPart,
    ...(summary === undefined ? {} : { summary }),
    filesModified: files,
    evidence,
    extra: uncommitted === 0 ? {} : { Uncommitted: `${uncommitted} files` },
  });
  const notices = [
    ...(evidence.length === 0
      ? ['nothing was run to prove it: this is shown as claimed, not as proven']
      : []),
    ...(uncommitted === 0
      ? []
      : [`${uncommitted} changed files are not committed: the commit does not hold them`]),
  ];
  return {
    exitCode: EXIT.done,
    json: { kind: 'complete', task, evidence, uncommitted },
    text,
    ...(notices.length === 0 ? {} : { notice: notices.join('\n') }),
  };
}

// What the task needs, by its plan and the settings, then what the agent names itself.
async function commandsFor(call: Call, squad: Squad, task: string | undefined): Promise<readonly string[]> {
  const { task: settings } = await readConfig(call.io.store, squad.squadDir);
  const sources = { store: call.io.store, squadDir: squad.squadDir, root: squad.worktreeRoot };
  const planned = task === undefined ? undefined : loadTasks(sources).tasks.find(({ id }) => id === task);
  const needed = requiredGates(planned ?? { acceptance: undefined, gates: [] }, settings.gates);
  return [...new Set([...needed, ...call.list('evidence')])];
}

function timeoutMs(call: Call): number {
  return requireDuration(call.value('timeout') ?? '30m', { hint: 'as --timeout 10m' });
}
