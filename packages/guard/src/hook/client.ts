/** The agent programs whose hooks the guard answers. `unknown` gets the one refusal that most honour: stderr and exit 2. */
export const CLIENTS = ['claude', 'codex', 'gemini', 'opencode', 'cursor', 'unknown'] as const;

/** One of {@link CLIENTS}. */
export type Client = (typeof CLIENTS)[number];

/** Reads a client's name as given with `--client`. */
export function parseClient(name: string): Client | undefined {
  return CLIENTS.find((client) => client === name);
}

/**
 * Which client sent a hook, by what only it sends: Cursor `conversation_id`, Gemini its own event names, Codex
 * `turn_id` or a transcript under `.codex`; Claude Code is known by its `effort`, `prompt_id` or transcript, or by its environment.
 */
export function detectClient(input: Readonly<Record<string, unknown>>, env: NodeJS.ProcessEnv): Client {
  const event = text(input['hook_event_name']);
  const transcript = text(input['transcript_path']);
  if ('conversation_id' in input || 'cursor_version' in input) return 'cursor';
  if (/^(?:Before|After)(?:Tool|Agent|Model|ToolSelection)$/u.test(event)) return 'gemini';
  if (transcript.includes('/.gemini/') || (env['GEMINI_SESSION_ID'] ?? '') !== '') return 'gemini';
  if ('turn_id' in input || transcript.includes('/.codex/') || /\/rollout-[^/]*\.jsonl$/u.test(transcript))
    return 'codex';
  if (transcript.includes('/.claude/') || 'prompt_id' in input || 'effort' in input) return 'claude';
  if ((env['CLAUDECODE'] ?? '') !== '' || (env['CLAUDE_CODE_SESSION_ID'] ?? '') !== '') return 'claude';
  return 'unknown';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
