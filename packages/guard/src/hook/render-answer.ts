import type { Client } from './client.ts';
import type { HookRequest } from './hook-request.ts';
import type { HookAnswer, Verdict } from './verdict.ts';

const SILENCE: HookAnswer = { exitCode: 0, stdout: '', stderr: '' };

/**
 * The answer in the one form that the client honours, as tried with the real clients. Nothing but the JSON may stand on
 * stdout: text around it makes Claude Code and Codex let the edit through.
 */
export function renderAnswer(
  verdict: Verdict,
  request: Pick<HookRequest, 'client' | 'event' | 'hookName'>,
): HookAnswer {
  switch (verdict.kind) {
    case 'pass':
      return request.client === 'cursor' ? json({}) : SILENCE;
    case 'tell':
      return tell(verdict.text, request);
    case 'deny':
      return DENY[request.client](verdict.reason, request.hookName);
    case 'ask':
      return ask(verdict.reason, request);
    case 'continue':
      return keepGoing(verdict.reason, request.client);
  }
}

type Refusal = (reason: string, hookName: string) => HookAnswer;

// The JSON and exit 2: the JSON carries the clean reason, the exit code holds even if something spoils stdout.
const denyByBoth: Refusal = (reason) => ({
  ...json({
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: reason,
    },
  }),
  exitCode: 2,
  stderr: `${reason}\n`,
});

const denyByExit: Refusal = (reason) => ({ exitCode: 2, stdout: '', stderr: `${reason}\n` });

const DENY: Readonly<Record<Client, Refusal>> = {
  claude: denyByBoth,
  // Only keys that Codex knows: with one more it drops the answer and lets the edit through.
  codex: denyByBoth,
  // Claude's form, even with exit 2, lets the edit through.
  gemini: (reason) => json({ decision: 'deny', reason }),
  cursor: (reason) => json({ permission: 'deny', user_message: reason, agent_message: reason }),
  opencode: denyByExit,
  unknown: denyByExit,
};

function ask(reason: string, request: Pick<HookRequest, 'client' | 'hookName'>): HookAnswer {
  if (request.client !== 'claude')
    return DENY[request.client](`${reason}\nA person has to allow this.`, request.hookName);
  return json({
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'ask',
      permissionDecisionReason: reason,
    },
  });
}

function keepGoing(reason: string, client: Client): HookAnswer {
  switch (client) {
    case 'claude':
    case 'codex':
      return json({ decision: 'block', reason });
    case 'gemini':
      return json({ decision: 'deny', reason });
    case 'cursor':
      return json({ followup_message: reason });
    case 'opencode':
    case 'unknown':
      return { exitCode: 2, stdout: '', stderr: `${reason}\n` };
  }
}

function tell(text: string, request: Pick<HookRequest, 'client' | 'event' | 'hookName'>): HookAnswer {
  const { client, event, hookName } = request;
  switch (client) {
    case 'claude':
    case 'codex':
      return json({ hookSpecificOutput: { hookEventName: hookName, additionalContext: text } });
    case 'gemini':
      // Before a tool Gemini takes no context for the model, only a line for the person.
      return event === 'pre-tool'
        ? json({ systemMessage: text })
        : json({ hookSpecificOutput: { hookEventName: hookName, additionalContext: text } });
    case 'cursor':
      return json(event === 'pre-tool' ? { agent_message: text } : { additional_context: text });
    case 'opencode':
    case 'unknown':
      return { exitCode: 0, stdout: `${text}\n`, stderr: '' };
  }
}

function json(value: unknown): HookAnswer {
  return { exitCode: 0, stdout: `${JSON.stringify(value)}\n`, stderr: '' };
}
