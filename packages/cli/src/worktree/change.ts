import { EXIT } from '#protocol';
import { BACKUP_PREFIX, git } from '#git';
import {
  findWorktree,
  moveWorktree,
  pruneWorktrees,
  removeWorktree,
  restoreWorktree,
  saveWorktree,
  syncWorktree,
  type Removal,
  type Sync,
} from '#worktree';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { namedOrAll, openWorktrees, type Worktrees } from './open.ts';

/** `squad-worktree sync`. */
export const syncCommand: Command = {
  name: 'sync',
  summary:
    "Bring the base's commits into worktrees, one at a time; conflicts and unsaved work are left as they are",
  positionals: '[name…]',
  options: { rebase: { kind: 'flag', summary: 'put the own commits on top of the base instead of merging' } },
  examples: ['squad-worktree sync', 'squad-worktree sync authentication --rebase'],
  action: async (call) => {
    const worktrees = await openWorktrees(call);
    const how = call.flag('rebase') ? 'rebase' : 'merge';
    const results: Sync[] = [];
    for (const record of namedOrAll(worktrees.world, call.positionals)) {
      const result = await syncWorktree(worktrees.world, record, how);
      results.push(result);
      if (result.kind === 'synced')
        journal(worktrees, 'worktree.synced', { name: record.name, backup: result.backup });
    }
    const isStuck = results.some(({ kind }) => kind === 'conflict');
    return {
      exitCode: isStuck ? EXIT.failed : EXIT.done,
      json: { results },
      text: results.map(syncText).join('\n') || 'no worktrees to sync',
    };
  },
};

function syncText(result: Sync): string {
  switch (result.kind) {
    case 'synced':
      return `synced   ${result.name}  ${result.commits} commit${result.commits === 1 ? '' : 's'} brought in; as it was before: ${result.backup}`;
    case 'current':
      return `current  ${result.name}`;
    case 'skipped':
      return `skipped  ${result.name}  ${result.why}`;
    case 'conflict':
      return `conflict ${result.name}  left as it was; both sides changed ${result.paths.join(', ')}${result.at === undefined ? '' : ` (at ${result.at})`}`;
  }
}

/** `squad-worktree move`. */
export const moveCommand: Command = {
  name: 'move',
  summary: "Move a worktree's folder",
  positionals: '<name> <folder>',
  minPositionals: 2,
  maxPositionals: 2,
  options: {},
  examples: ['squad-worktree move authentication ../elsewhere/authentication'],
  action: async (call) => {
    const { world } = await openWorktrees(call);
    const [name = '', path = ''] = call.positionals;
    const record = await moveWorktree(world, findWorktree(world, name), { path, cwd: call.io.cwd });
    return {
      exitCode: EXIT.done,
      json: { worktree: record },
      text: `moved ${record.name} to ${record.path}`,
    };
  },
};

/** `squad-worktree remove`. */
export const removeCommand: Command = {
  name: 'remove',
  summary: 'Remove worktrees whose work has arrived, after a backup; refuses while anything would be missed',
  positionals: '<name…>',
  minPositionals: 1,
  options: { force: { kind: 'flag', summary: 'remove unfinished work too; it stays in the backup' } },
  examples: ['squad-worktree remove authentication', 'squad-worktree remove experiment --force'],
  action: remove,
};

async function remove(call: Call): Promise<Outcome> {
  const worktrees = await openWorktrees(call);
  const results: Removal[] = [];
  for (const name of new Set(call.positionals)) {
    const record = findWorktree(worktrees.world, name);
    const result = await removeWorktree(worktrees.world, record, { force: call.flag('force') });
    results.push(result);
    if (result.kind === 'removed') journal(worktrees, 'worktree.removed', { name, backup: result.backup });
  }
  const isRefused = results.some(({ kind }) => kind === 'refused');
  return {
    exitCode: isRefused ? EXIT.failed : EXIT.done,
    json: { results },
    text: results.map(removalText).join('\n'),
  };
}

function removalText(result: Removal): string {
  if (result.kind === 'removed') {
    const branch = result.branchDeleted ? `branch ${result.branch} deleted` : `branch ${result.branch} kept`;
    const undo = result.undo === '' ? [] : [`        undo: ${result.undo}`];
    return [`removed ${result.name}  ${branch}`, ...undo].join('\n');
  }
  const { name, obstacles } = result;
  const isLocked = obstacles.some(({ kind }) => kind === 'locked');
  const next = isLocked
    ? `git worktree unlock "$(squad-worktree path ${name})"`
    : `finish it, or: squad-worktree remove ${name} --force   (keeps everything in a backup)`;
  return [
    `refused ${name}`,
    ...obstacles.map(({ message }) => `        ${message}`),
    `        next: ${next}`,
  ].join('\n');
}

/** `squad-worktree restore`. */
export const restoreCommand: Command = {
  name: 'restore',
  summary: 'Bring a removed worktree back from its backup',
  positionals: '<backup-ref>',
  minPositionals: 1,
  maxPositionals: 1,
  options: {},
  examples: ['squad-worktree restore refs/squad/backup/authentication/0123456789abcdef'],
  action: async (call) => {
    const worktrees = await openWorktrees(call);
    const record = await restoreWorktree(worktrees.world, call.positionals[0] ?? '');
    journal(worktrees, 'worktree.restored', { name: record.name });
    return {
      exitCode: EXIT.done,
      json: { worktree: record },
      text: `restored ${record.name} in ${record.path}`,
    };
  },
};

/** `squad-worktree prune`. */
export const pruneCommand: Command = {
  name: 'prune',
  summary: 'Put in order what crashes and deleted folders left; touches no work',
  options: {},
  examples: ['squad-worktree prune'],
  action: async (call) => {
    const worktrees = await openWorktrees(call);
    const pruned = await pruneWorktrees(worktrees.world);
    for (const entry of pruned) journal(worktrees, 'worktree.pruned', entry);
    const lines = pruned.map(
      ({ name, what, backup }) => `${name}: ${what}${backup === undefined ? '' : `; saved as ${backup}`}`,
    );
    return { exitCode: EXIT.done, json: { pruned }, text: lines.join('\n') || 'nothing to put in order' };
  },
};

/** `squad-worktree backup`. */
export const backupCommand: Command = {
  name: 'backup',
  summary: 'Save everything in worktrees, untracked files too, under a ref; changes nothing in them',
  positionals: '[name…]',
  options: { list: { kind: 'flag', summary: 'show the backups that exist' } },
  examples: ['squad-worktree backup', 'squad-worktree backup authentication', 'squad-worktree backup --list'],
  action: backup,
};

async function backup(call: Call): Promise<Outcome> {
  const { world } = await openWorktrees(call);
  if (call.flag('list')) return listBackups(world.home.mainRoot);
  const saved = [];
  for (const record of namedOrAll(world, call.positionals)) {
    const { ref, commit, hasChanges, undo } = await saveWorktree(world, record, 'asked for');
    saved.push({ name: record.name, ref, commit, hasChanges, undo });
  }
  const lines = saved.map(
    ({ name, ref, undo }) => `saved ${name} as ${ref}\n      undo, in the worktree: ${undo}`,
  );
  return { exitCode: EXIT.done, json: { backups: saved }, text: lines.join('\n') || 'no worktrees to save' };
}

async function listBackups(cwd: string): Promise<Outcome> {
  const format = '--format=%(refname)%00%(creatordate:iso-strict)%00%(contents:subject)';
  const text = await git(['for-each-ref', '--sort=-creatordate', format, BACKUP_PREFIX], { cwd });
  const backups = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [ref = '', at = '', subject = ''] = line.split('\0');
      return { ref, at, subject };
    });
  const lines = backups.map(({ ref, at, subject }) => `${at}  ${ref}  ${subject}`);
  return { exitCode: EXIT.done, json: { backups }, text: lines.join('\n') || 'no backups' };
}

function journal({ squad }: Worktrees, kind: string, data: unknown): void {
  squad.journal.record({ kind, agent: 'human', data });
}
