import { EXIT, parseDuration, SquadError, type Evidence } from '#protocol';
import { listChanges, runGit } from '#git';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION, type Squad } from '../shell/squad.ts';
import { blockBase, openDesk } from './comms-desk.ts';
import { runEvidence } from './run-evidence.ts';

/** `squad-comms done`. */
export const doneCommand: Command = {
  name: 'done',
  summary: 'Report a task complete, proven by commands that this program runs',
  positionals: '[task]',
  maxPositionals: 1,
  options: {
    ...AGENT_OPTION,
    task: { kind: 'value', value: 'ID', summary: 'the finished task' },
    evidence: {
      kind: 'list',
      value: 'COMMAND',
      summary: 'a command that must succeed; may be given several times',
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
  const { evidence, failed } = await gather(call);
  const taskPart = task === undefined ? {} : { taskId: task };
  if (failed !== undefined) {
    desk.squad.journal.record({
      kind: 'task.evidence-failed',
      agent: desk.me,
      data: { task, evidence: failed },
    });
    return {
      exitCode: EXIT.failed,
      json: { kind: 'evidence-failed', task, failed },
      notice: `not complete: "${failed.command}" exited with ${failed.exitCode}`,
    };
  }
  const { commit, uncommitted } = await treeState(desk.squad, new Set(files.map(({ path }) => path)));
  const summary = call.value('summary');
  const proven = evidence.map((item) => (commit === undefined ? item : { ...item, commit }));
  const text = desk.write({
    kind: 'completion',
    ...blockBase(desk),
    ...taskPart,
    ...(summary === undefined ? {} : { summary }),
    filesModified: files,
    evidence: proven,
    extra: uncommitted === 0 ? {} : { Uncommitted: `${uncommitted} files` },
  });
  const notices = [
    ...(evidence.length === 0 ? ['no --evidence: this is shown as claimed, not as proven'] : []),
    ...(uncommitted === 0
      ? []
      : [`${uncommitted} changed files are not committed: the commit does not hold them`]),
  ];
  return {
    exitCode: EXIT.done,
    json: { kind: 'complete', task, evidence: proven, uncommitted },
    text,
    ...(notices.length === 0 ? {} : { notice: notices.join('\n') }),
  };
}

async function gather(call: Call): Promise<{ evidence: readonly Evidence[]; failed?: Evidence }> {
  const { io } = call;
  const evidence: Evidence[] = [];
  for (const command of call.list('evidence')) {
    const item = await runEvidence(command, {
      cwd: io.cwd,
      env: io.env,
      signal: io.signal,
      timeoutMs: timeoutMs(call),
      output: io.stderr,
    });
    if (item.exitCode !== 0) return { evidence, failed: item };
    evidence.push(item);
  }
  return { evidence };
}

// In a tree that agents share, only the files that were named are this agent's affair.
async function treeState(
  squad: Squad,
  named: ReadonlySet<string>,
): Promise<{ commit: string | undefined; uncommitted: number }> {
  const { worktreeRoot, mainRoot } = squad;
  const head = await runGit(['rev-parse', '--verify', '--quiet', 'HEAD'], { cwd: worktreeRoot });
  if (head.code !== 0) return { commit: undefined, uncommitted: 0 };
  const changes = await listChanges(worktreeRoot);
  const own = changes.filter(({ path }) =>
    named.size > 0 ? named.has(path) : worktreeRoot !== mainRoot && !path.startsWith('.squad/'),
  );
  return { commit: head.stdout.trim(), uncommitted: own.length };
}

function timeoutMs(call: Call): number {
  const duration = parseDuration(call.value('timeout') ?? '30m');
  if (duration.ok) return duration.value;
  throw new SquadError({ code: 'DURATION_INVALID', message: duration.error, hint: 'as --timeout 10m' });
}
