import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { listRuns, runPlans } from '#runner';
import { buildTaskGraph, readTaskGraphYaml, type TaskGraph } from '#tasks';
import { readWorktrees, removeWorktree } from '#worktree';
import { expect } from 'vitest';
import { cleanEnvironment, runBin } from '../support/bins.ts';
import { waitFor } from '../support/wait-for.ts';
import { NAMES, oweWhatIsGone, service, step, type Model, type Real, type Step } from './torture-model.ts';

/** What the scripted agent of a task does with what it wrote. */
const MODES = [
  'commit',
  'leave',
  'stage',
  'fail',
  'die',
  'hang',
  'reset',
  'switch',
  'pick',
  'kill-runner',
] as const;

// Every text goes into the trace once it stands on the disk; from then on it is owed. Its file is its own, so that
// nothing but the tools can take it away. The runner is killed once per task, so that a run comes to its end.
const AGENT = `mode=$(printf '%s' "$1" | sed -n 's/.*: mode //p')
out=$(dirname "$0")
echo "$mode" > "$out/pids/$$"
put() { printf 'text of %s by %s: %s\\n' "$SQUAD_TASK" $$ "$2" > "$1" && tail -n 1 "$1" >> "$out/trace"; }
put "$SQUAD_TASK-$$.txt" "$mode"
git add -A && git commit -q -m "First of $SQUAD_TASK"
put "$SQUAD_TASK-$$-more.txt" more
printf 'by %s %s\\n' "$SQUAD_TASK" $$ > a.txt
case "$mode" in
  commit) git add -A && git commit -q -m "More of $SQUAD_TASK" ;;
  stage) git add -A ;;
  fail) exit 9 ;;
  die) kill -9 $$ ;;
  hang) exec sleep 60 ;;
  reset) git add -A && git commit -q -m "Regretted" && git reset -q --hard HEAD~1 ;;
  switch) git add -A && git commit -q -m "Before" && git checkout -q -b "aside-$$" && put "aside-$$.txt" aside ;;
  pick) git add -A && git commit -q -m "Ours" && git checkout -q -b "theirs-$$" HEAD~1 && echo theirs > a.txt &&
    git commit -q -a -m "Theirs" && git cherry-pick - ;;
  kill-runner) if [ "$KILLABLE" = 1 ] && [ ! -e "$out/killed-$SQUAD_TASK" ]; then
      : > "$out/killed-$SQUAD_TASK"
      kill -9 "$(sed -n 's/.*"pid":\\([0-9]*\\).*/\\1/p' "$SQUAD_DIR/runs/$SQUAD_RUN/runner.json")"
    fi ;;
esac`;

/** Puts the scripted agent into a folder. */
export function writeAgent(outside: string): void {
  const script = join(outside, 'agent');
  writeFileSync(script, `#!/bin/sh\n${AGENT}\n`);
  chmodSync(script, 0o755);
  writeFileSync(join(outside, 'trace'), '');
  mkdirSync(join(outside, 'pids'));
}

const agentOf = ({ outside }: Real): string => `'${join(outside, 'agent')}' {prompt}`;
const graphPath = ({ outside }: Real, run: number): string => join(outside, `graph-${run}.yml`);

function writeGraph(real: Real, run: number, modes: readonly string[]): void {
  const tasks = modes.map((mode, index) => {
    const after = index === 2 ? `, depends_on: [R${run}-1]` : '';
    return `R${run}-${index + 1}: {title: mode ${mode}, files: [f${index}.txt]${after}}`;
  });
  writeFileSync(graphPath(real, run), `${tasks.join('\n')}\n`);
}

function readGraph(real: Real, run: number): TaskGraph {
  const path = graphPath(real, run);
  return buildTaskGraph(readTaskGraphYaml(readFileSync(path, 'utf8'), path).tasks).graph;
}

// Agents outlive a runner that was killed: their texts count only when they are at rest.
async function settle(model: Model, real: Real): Promise<void> {
  const pids = join(real.outside, 'pids');
  for (const pid of readdirSync(pids)) {
    if (readFileSync(join(pids, pid), 'utf8') === 'hang\n') end(Number(pid));
    await waitFor(`the end of agent ${pid}`, () => !existsSync(`/proc/${pid}`));
    rmSync(join(pids, pid));
  }
  for (const line of readFileSync(join(real.outside, 'trace'), 'utf8').split('\n'))
    if (line !== '') model.kept.add(`${line}\n`);
  oweWhatIsGone(model, real);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Its runner has ended it.
  }
}

const LIMITS = { graceMs: 50, timeoutMs: 3000, retries: 0 };

function runHere(modes: readonly string[]): Step {
  return step(`run ${modes.join(', ')}`, async (model, real) => {
    model.runs += 1;
    writeGraph(real, model.runs, modes);
    await service('', () =>
      runPlans({
        ...LIMITS,
        cwd: real.root,
        with: agentOf(real),
        graph: readGraph(real, model.runs),
        env: cleanEnvironment(),
      }),
    ).run(model, real);
    await settle(model, real);
  });
}

function runKilled(modes: readonly string[], call: number, when: 'before' | 'after'): Step {
  return step(`kill -9 ${when} git ${call} of a run of ${modes.join(', ')}`, async (model, real) => {
    model.runs += 1;
    writeGraph(real, model.runs, modes);
    const limits = ['--json', '--grace', '50ms', '--timeout', '3s', '--retry', '0'];
    const result = await runBin(
      'squad-run',
      [...limits, '--tasks', graphPath(real, model.runs), '--with', agentOf(real)],
      { cwd: real.root, env: { ...real.git.arm(call, when), KILLABLE: '1' } },
    );
    expect(result.code, `${result.stdout}${result.stderr}`).not.toBe(70);
    await settle(model, real);
  });
}

const resume = step('resume the last run, what failed as well', async (model, real) => {
  const { store, home } = real.world;
  const last = listRuns(store, home.squadDir).at(-1);
  if (last?.items[0]?.startsWith(`R${model.runs}-`) !== true) return;
  await service('', () =>
    runPlans({
      ...LIMITS,
      cwd: real.root,
      with: agentOf(real),
      graph: readGraph(real, model.runs),
      runId: last.id,
      retryFailed: true,
      env: cleanEnvironment(),
    }),
  ).run(model, real);
  await settle(model, real);
});

function removeOfRun(place: number, force: boolean): Step {
  return service(`remove worktree ${place} of a run${force ? ' --force' : ''}`, async ({ world }) => {
    const known: readonly string[] = NAMES;
    const own = readWorktrees(world.store, world.home.squadDir).filter(({ name }) => !known.includes(name));
    const record = own[place % Math.max(1, own.length)];
    if (record !== undefined) await removeWorktree(world, record, { force });
  });
}

const modes = fc.array(fc.constantFrom(...MODES), { minLength: 1, maxLength: 3 });

/** Runs of agents, killed half way and gone on with, and the removal of what they left. */
export const runSteps: readonly fc.Arbitrary<Step>[] = [
  modes.map(runHere),
  fc
    .tuple(modes, fc.integer({ min: 1, max: 60 }), fc.constantFrom('before' as const, 'after' as const))
    .map(([chosen, call, when]) => runKilled(chosen, call, when)),
  fc.constant(resume),
  fc.tuple(fc.nat(5), fc.boolean()).map(([place, force]) => removeOfRun(place, force)),
];
