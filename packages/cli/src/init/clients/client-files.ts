import type { Store } from '#store';
import { loadCommands, loadText, type BinForm } from '../templates.ts';
import { LAUNCHER, type ClientFile, type InstallableClient } from './client-file.ts';
import { geminiCommands } from './gemini-commands.ts';
import { geminiHooks } from './gemini-hooks.ts';
import { hookGroups } from './hook-groups.ts';
import { HASH_MARKS, MARKDOWN_MARKS } from './marked-block.ts';

/** What the files are made from. */
export interface ClientSources {
  readonly store: Store;
  readonly binForm: BinForm;
}

/** Every file of one client's installation. */
export function clientFiles(sources: ClientSources, client: InstallableClient): readonly ClientFile[] {
  const shared: readonly ClientFile[] = [
    {
      kind: 'block',
      path: 'AGENTS.md',
      body: loadText(sources.store, 'clients/agents-block.md', sources.binForm),
      marks: MARKDOWN_MARKS,
    },
  ];
  return [...shared, ...FILES[client](sources)];
}

const FILES: Readonly<Record<InstallableClient, (sources: ClientSources) => readonly ClientFile[]>> = {
  claude: (sources) => [
    importOfAgentsFile('CLAUDE.md', true),
    launcher(sources, '.claude'),
    { kind: 'settings', path: '.claude/settings.json', wanted: { hooks: CLAUDE_HOOKS } },
    { kind: 'settings', path: '.mcp.json', wanted: { mcpServers: { squad: mcpServer('.claude') } } },
  ],
  codex: (sources) => [
    launcher(sources, '.codex'),
    { kind: 'settings', path: '.codex/hooks.json', wanted: { hooks: CODEX_HOOKS } },
    { kind: 'block', path: '.codex/config.toml', body: CODEX_MCP, marks: HASH_MARKS },
  ],
  gemini: (sources) => [
    importOfAgentsFile('GEMINI.md', false),
    launcher(sources, '.gemini'),
    {
      kind: 'settings',
      path: '.gemini/settings.json',
      wanted: { hooks: GEMINI_HOOKS, mcpServers: { squad: mcpServer('.gemini') } },
    },
    ...geminiCommands(sources.store, sources.binForm).map(({ path, text }): ClientFile => ({
      kind: 'whole',
      path: `.gemini/commands/${path}`,
      text,
    })),
  ],
  opencode: (sources) => [
    launcher(sources, '.opencode'),
    {
      kind: 'whole',
      path: '.opencode/plugins/dotsquad.js',
      text: loadText(sources.store, 'clients/opencode-plugin.js', sources.binForm),
    },
    {
      kind: 'settings',
      path: 'opencode.json',
      wanted: {
        mcp: { squad: { type: 'local', command: mcpCommand('.opencode'), enabled: true } },
      },
    },
    ...loadCommands(sources.store, sources.binForm).map(({ name, description, prompt }): ClientFile => ({
      kind: 'whole',
      path: `.opencode/commands/squad-${name.replace(/^squad-/u, '')}.md`,
      text: `---\ndescription: ${description}\n---\n${prompt.trim()}\n`,
    })),
  ],
  cursor: (sources) => [
    launcher(sources, '.cursor'),
    { kind: 'settings', path: '.cursor/hooks.json', wanted: { version: 1, hooks: CURSOR_HOOKS } },
    {
      kind: 'settings',
      path: '.cursor/mcp.json',
      wanted: {
        mcpServers: {
          squad: { command: 'node', args: [`\${workspaceFolder}/.cursor/${LAUNCHER}`, 'mcp'] },
        },
      },
    },
  ],
};

function launcher({ store, binForm }: ClientSources, folder: string): ClientFile {
  return {
    kind: 'whole',
    path: `${folder}/${LAUNCHER}`,
    text: loadText(store, 'clients/launcher.cjs', binForm),
  };
}

// Claude Code and Gemini read AGENTS.md through an import; Claude Code also by itself, unless there is a CLAUDE.md.
function importOfAgentsFile(path: string, ifPresent: boolean): ClientFile {
  return { kind: 'block', path, body: '@AGENTS.md', marks: MARKDOWN_MARKS, ifPresent };
}

// The folder in which a server starts differs between clients and sub-folders; git knows the checkout's root.
function mcpCommand(folder: string): readonly [string, ...string[]] {
  return ['sh', '-c', `exec node "$(git rev-parse --show-toplevel)/${folder}/${LAUNCHER}" mcp`];
}

function mcpServer(folder: string): Readonly<Record<string, unknown>> {
  const [command, ...args] = mcpCommand(folder);
  return { command, args };
}

const CODEX_MCP = `[mcp_servers.squad]
command = "sh"
args = ["-c", 'exec node "$(git rev-parse --show-toplevel)/.codex/${LAUNCHER}" mcp']
env_vars = ["AGENT_ID", "AGENT_TYPE", "SQUAD_DIR"]`;

// NODE_EXTRA_CA_CERTS would add 45-60 ms to every start of Node 20.
function guard(place: string, event: string): string {
  return `NODE_EXTRA_CA_CERTS= node "${place}/${LAUNCHER}" guard ${event}`;
}

const CLAUDE_TOOLS = 'Edit|Write|MultiEdit|NotebookEdit|Bash';

/** Events of Claude Code; the plugin has the same. */
const CLAUDE_HOOKS: Readonly<Record<string, unknown>> = hookGroups(
  [
    { event: 'SessionStart', asks: 'session-start' },
    { event: 'UserPromptSubmit', asks: 'prompt' },
    {
      event: 'PreToolUse',
      asks: 'pre-tool',
      matcher: CLAUDE_TOOLS,
      more: { onFailure: 'block', statusMessage: 'squad: checking who owns this' },
    },
    { event: 'PostToolUse', asks: 'post-tool', matcher: CLAUDE_TOOLS },
    { event: 'PostToolUseFailure', asks: 'post-tool', matcher: 'Bash' },
    { event: 'PostToolBatch', asks: 'prompt' },
    { event: 'Stop', asks: 'stop' },
    { event: 'SessionEnd', asks: 'session-end' },
  ],
  (asks) => ({ type: 'command', command: guard('${CLAUDE_PROJECT_DIR}/.claude', asks), timeout: 10 }),
);

const CODEX_TOOLS = 'apply_patch|Edit|Write|Bash';

const CODEX_HOOKS: Readonly<Record<string, unknown>> = hookGroups(
  [
    { event: 'SessionStart', asks: 'session-start' },
    { event: 'UserPromptSubmit', asks: 'prompt' },
    { event: 'PreToolUse', asks: 'pre-tool', matcher: CODEX_TOOLS },
    { event: 'PostToolUse', asks: 'post-tool', matcher: CODEX_TOOLS },
    { event: 'Stop', asks: 'stop' },
    // Codex allows it no more than 3 s.
    { event: 'SessionEnd', asks: 'session-end', more: { timeout: 3 } },
  ],
  (asks) => ({
    type: 'command',
    command: `${guard('$(git rev-parse --show-toplevel)/.codex', asks)} --client codex`,
    timeout: 10,
  }),
);

// Gemini puts a quoted path in place of a plain $GEMINI_PROJECT_DIR, also inside quotes.
const GEMINI_HOOKS: Readonly<Record<string, unknown>> = geminiHooks(
  (asks) => `${guard('${GEMINI_PROJECT_DIR:-.}/.gemini', asks)} --client gemini`,
);

function cursorHook(asks: string, more: Readonly<Record<string, unknown>> = {}): readonly unknown[] {
  return [{ command: `${guard('.cursor', asks)} --client cursor`, timeout: 10, ...more }];
}

const CURSOR_TOOLS = 'Write|Edit|StrReplace|TabWrite|Delete|EditNotebook|Shell';

const CURSOR_HOOKS: Readonly<Record<string, unknown>> = {
  sessionStart: cursorHook('session-start'),
  preToolUse: cursorHook('pre-tool', { matcher: CURSOR_TOOLS, failClosed: true }),
  postToolUse: cursorHook('post-tool', { matcher: CURSOR_TOOLS }),
  stop: cursorHook('stop'),
  sessionEnd: cursorHook('session-end'),
};
