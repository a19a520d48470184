import { patchPaths } from './patch-paths.ts';
import type { ToolUse } from './hook-request.ts';
import { readPatchEdits, readTextEdits } from './text-edits.ts';

// Names as the clients send them: Claude Code, Gemini CLI, OpenCode, Cursor, VS Code.
const EDIT_TOOLS = new Set([
  'Edit',
  'Write',
  'MultiEdit',
  'NotebookEdit',
  'StrReplace',
  'TabWrite',
  'Delete',
  'EditNotebook',
  'write_file',
  'replace',
  'edit',
  'write',
  'multiedit',
  'editFiles',
  'createFile',
  'edit_file',
  'delete_file',
  'search_replace',
]);
const SHELL_TOOLS = new Set([
  'Bash',
  'bash',
  'Shell',
  'shell',
  'run_shell_command',
  'runInTerminal',
  'run_terminal_cmd',
  'exec_command',
  'local_shell',
]);
const PATCH_TOOLS = new Set(['apply_patch', 'applyPatch', 'ApplyPatch', 'patch']);
const PATH_KEYS = ['file_path', 'notebook_path', 'filePath', 'path', 'target_file', 'target_notebook'];
const PATCH_KEYS = ['command', 'input', 'patchText', 'patch'];

/** What a tool call would do, by its name and input. A tool it does not know is `other`: allowed, never guessed at. */
export function readToolUse(tool: string, input: Readonly<Record<string, unknown>>): ToolUse {
  if (PATCH_TOOLS.has(tool)) {
    const patches = PATCH_KEYS.map((key) => textOf(input[key]));
    const paths = patches.flatMap(patchPaths);
    return { kind: 'edit', tool, paths, isPatch: true, edits: () => patches.flatMap(readPatchEdits) };
  }
  if (SHELL_TOOLS.has(tool)) return { kind: 'shell', tool, command: commandOf(input['command']) };
  if (EDIT_TOOLS.has(tool)) {
    const named = PATH_KEYS.flatMap((key) => (typeof input[key] === 'string' ? [input[key]] : []));
    const files: unknown[] = Array.isArray(input['files']) ? input['files'] : [];
    const listed = files.filter((file) => typeof file === 'string');
    const paths = [...new Set([...named, ...listed])];
    return { kind: 'edit', tool, paths, isPatch: false, edits: () => readTextEdits(tool, input) };
  }
  return { kind: 'other', tool };
}

// Codex's older shell tools send an argument vector; `bash -lc SCRIPT` is by far the usual one.
function commandOf(value: unknown): string {
  if (!Array.isArray(value)) return textOf(value);
  const words: string[] = value.filter((word) => typeof word === 'string');
  const isShell = words.length === 3 && /(?:^|\/)(?:ba|z|da)?sh$/u.test(words[0] ?? '');
  if (isShell && /^-[a-z]*c$/u.test(words[1] ?? '')) return words[2] ?? '';
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
