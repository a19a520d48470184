import { git, resolveCommit } from '#git';
import { EXIT, printableLine, renderDuration } from '#protocol';
import { createBranchWorkspaces, createSharedTree, type RunHome } from '#runner';
import { planWaves, scheduleOptions, type Task, type TaskGraph } from '#tasks';
import type { Call, Outcome } from '../shell/command.ts';
import { openRunHomeFor } from './run-home.ts';
import { words } from './run-options.ts';
import { readSettings } from './settings.ts';

/** `--dry-run`: what a run would start, where, and what it would need. Changes nothing. */
export async function previewRun(call: Call, graph: TaskGraph): Promise<Outcome> {
  const home = await openRunHomeFor(call);
  const { maxConcurrent } = readSettings(call);
  const isInPlace = call.flag('in-place');
  const finished = new Set(words(call, 'skip'));
  const waves = planWaves(graph, { finished });
  const place = isInPlace ? createSharedTree(home.home.worktreeRoot) : branches(home);
  const treeBytes = isInPlace ? 0 : await bytesOfTree(home.home.worktreeRoot);
  const count = waves.flat().length;
  const { parallel } = scheduleOptions(graph, { terminals: maxConcurrent, finished });
  const describe = (task: Task): object => ({
    id: task.id,
    title: task.title,
    agent: task.agent ?? null,
    ...place.preview(task),
  });
  return {
    exitCode: EXIT.done,
    json: {
      waves: waves.map((wave) => wave.map(describe)),
      maxConcurrent,
      worktrees: isInPlace ? 0 : count,
      diskBytes: treeBytes * count,
      estimateMinutes: parallel.minutes,
    },
    text: [
      ...waves.flatMap((wave, index) => [
        `Wave ${index + 1}`,
        ...wave.map((task) => {
          const { cwd, branch } = place.preview(task);
          return `  ${task.id}  ${printableLine(task.title, 60)}\n    ${cwd}${branch === undefined ? '' : `  (branch ${branch})`}`;
        }),
      ]),
      '',
      `${count} tasks, at most ${maxConcurrent} at once, about ${renderDuration(parallel.minutes * 60_000)} by their estimates`,
      isInPlace
        ? 'all in this tree; nothing is committed'
        : `disk: about ${renderBytes(treeBytes * count)} for ${count} worktrees of ${renderBytes(treeBytes)}, beside what is copied into them`,
    ].join('\n'),
  };
}

function branches(home: RunHome): ReturnType<typeof createBranchWorkspaces> {
  const { store, clock, newId, worktree: settings } = home;
  const world = { store, clock, newId, home: home.home, settings };
  return createBranchWorkspaces({
    world,
    runMark: '<run>',
    integration: '',
    target: { commit: '' },
  });
}

async function bytesOfTree(root: string): Promise<number> {
  if ((await resolveCommit(root, 'HEAD')) === undefined) return 0;
  const listing = await git(['ls-tree', '-r', '-l', '-z', 'HEAD'], { cwd: root });
  return listing
    .split('\0')
    .reduce((sum, line) => sum + Number(/^\S+ \S+ \S+ +(\d+)\t/u.exec(line)?.[1] ?? 0), 0);
}

function renderBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? 'B'}`;
}
