import { join } from 'node:path';
import { learnFilesystem, type FilesystemVerdict } from '#lock';
import { EXIT } from '#protocol';
import { locateRepository, type SquadHome } from '#store';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { noRepository } from '../shell/no-repository.ts';
import { installGitHooks, uninstallGitHooks } from '../own/git-hooks.ts';
import { describeHooks } from '../own/hooks.ts';
import { installForCall, uninstallForCall } from './clients/client-step.ts';
import { foreignMarks } from './foreign-squad.ts';
import { installFiles, type FileChange } from './install.ts';
import { detectBinForm, loadTaskTemplates, loadTemplates, type TemplateFile } from './templates.ts';

const RUN_TIME_FOLDERS = [
  '.run',
  'comms',
  'control',
  'locks',
  'logs',
  'merge',
  'metrics',
  'reports',
  'runs',
  'worktrees',
];

/** `squad-init`: `.squad/`, slash commands and rules, safe to run again at any time. */
export const initCommand: Command = {
  name: '',
  summary: 'Prepare this repository for several agents',
  options: {
    force: { kind: 'flag', summary: 'replace edited files too, each after a backup beside it' },
    'dry-run': { kind: 'flag', summary: 'say what would change; change nothing' },
    tasks: {
      kind: 'flag',
      summary: 'also .claude/tasks and .claude/contracts, each with a page that says what goes in',
    },
    claude: { kind: 'flag', summary: 'install hooks and MCP server into Claude Code' },
    codex: { kind: 'flag', summary: 'install hooks and MCP server into Codex CLI' },
    gemini: { kind: 'flag', summary: 'install hooks, commands and MCP server into Gemini CLI' },
    opencode: { kind: 'flag', summary: 'install plugin, commands and MCP server into OpenCode' },
    'git-hooks': { kind: 'flag', summary: 'check ownership at commit and push; existing hooks go on to run' },
    cursor: { kind: 'flag', summary: 'install hooks and MCP server into Cursor' },
    uninstall: { kind: 'flag', summary: "take everything out of the clients' settings again" },
  },
  examples: ['squad-init', 'squad-init --dry-run', 'squad-init --claude --codex', 'squad-init --uninstall'],
  action: init,
};

async function init(call: Call): Promise<Outcome> {
  const { store, clock, cwd, env } = call.io;
  const home = locateRepository(store, cwd);
  if (home === undefined) throw noRepository(store, cwd);
  if (call.flag('uninstall')) return uninstall(call, home);
  const root = home.mainRoot;
  const foreign = foreignMarks(store, home.squadDir);
  const binForm = detectBinForm(store, root, env['PATH'] ?? '');
  const scaffold = call.flag('tasks') ? loadTaskTemplates(store, binForm) : [];
  const templates = [...loadTemplates(store, binForm), ...scaffold];
  const files = foreign.length > 0 ? besideForeign(templates) : templates;
  const dryRun = call.flag('dry-run');
  const changes = installFiles({ store, clock }, { root, files, force: call.flag('force'), dryRun });
  const filesystem = dryRun ? undefined : filesystemUnder(call, home);
  const clients = installForCall(call, home, binForm);
  const hooks = call.flag('git-hooks') ? await installGitHooks({ store, root, dryRun }) : [];
  const parts = [
    describe(root, changes, { dryRun, foreign }),
    filesystem === undefined || filesystem.kind === 'safe' ? '' : `note: ${filesystem.message}`,
    clients?.text ?? '',
    describeHooks(root, hooks),
  ];
  return {
    exitCode: EXIT.done,
    json: {
      root,
      dryRun,
      foreign,
      files: changes,
      clients: clients?.changes ?? [],
      gitHooks: hooks,
      ...(filesystem === undefined ? {} : { filesystem }),
    },
    text: parts.filter((part) => part !== '').join('\n\n'),
  };
}

function filesystemUnder(call: Call, { squadDir }: SquadHome): FilesystemVerdict {
  const { store, newId } = call.io;
  return learnFilesystem({ store, squadDir, newId }).verdict;
}

async function uninstall(call: Call, home: SquadHome): Promise<Outcome> {
  const { store } = call.io;
  const { mainRoot: root } = home;
  const dryRun = call.flag('dry-run');
  const clients = uninstallForCall(call, home);
  const hooks = (await uninstallGitHooks({ store, root, dryRun })).filter(
    ({ change }) => change !== 'absent',
  );
  const words = [clients.text, describeHooks(root, hooks)].filter((part) => part !== '');
  const tail = '.squad/ stays: it holds plans, messages and the journal. To remove it too: rm -r .squad';
  return {
    exitCode: EXIT.done,
    json: { root, dryRun, files: clients.changes, gitHooks: hooks },
    text: words.length === 0 ? `nothing was installed in ${root}` : [...words, tail].join('\n\n'),
  };
}

// Another tool's `.squad/`: none of its files is touched, so run-time folders carry their own ignore files.
function besideForeign(templates: readonly TemplateFile[]): readonly TemplateFile[] {
  const shared = new Set(['.squad/README.md', '.squad/.gitignore']);
  const ignores = RUN_TIME_FOLDERS.map((name) => ({
    target: join('.squad', name, '.gitignore'),
    text: '*\n',
  }));
  return [...templates.filter(({ target }) => !shared.has(target)), ...ignores];
}

const SIGN: Readonly<Record<FileChange['change'], string>> = {
  created: '+ created  ',
  updated: '~ updated  ',
  unchanged: '  unchanged',
  kept: '! kept     ',
  replaced: '~ replaced ',
};

function describe(
  root: string,
  changes: readonly FileChange[],
  how: { dryRun: boolean; foreign: readonly string[] },
): string {
  const lines = changes.map(({ path, change, backup }) => {
    const note = change === 'kept' ? '  (edited; --force replaces it after a backup)' : '';
    return `${SIGN[change]} ${path}${note}${backup === undefined ? '' : `  (was: ${backup})`}`;
  });
  const head = `${how.dryRun ? 'would prepare' : 'prepared'} ${root}`;
  const foreign =
    how.foreign.length === 0
      ? []
      : [`.squad/ also belongs to another tool (${how.foreign.join(', ')}); its files were not touched`];
  return [head, ...foreign, ...lines, '', 'next: squad-allocate feature-prd.md'].join('\n');
}
