import { hookGroups } from './hook-groups.ts';

const TOOLS = 'write_file|replace|run_shell_command';

/** The hooks of Gemini CLI, in its settings as in an extension; `command` makes the shell command that asks the guard. */
export function geminiHooks(command: (asks: string) => string): Readonly<Record<string, unknown>> {
  return hookGroups(
    [
      { event: 'SessionStart', asks: 'session-start' },
      { event: 'BeforeAgent', asks: 'prompt' },
      { event: 'BeforeTool', asks: 'pre-tool', matcher: TOOLS },
      { event: 'AfterTool', asks: 'post-tool', matcher: TOOLS },
      { event: 'AfterAgent', asks: 'stop' },
      { event: 'SessionEnd', asks: 'session-end' },
    ],
    // Gemini counts milliseconds.
    (asks) => ({ name: `squad ${asks}`, type: 'command', command: command(asks), timeout: 10_000 }),
  );
}
