import type { AgentEvent, StreamReader } from './agent-event.ts';
import type { Client } from './client.ts';
import { numberIn, objectIn, objectsIn, parseJsonLine, textIn, type JsonObject } from './json-line.ts';
import { isTransientText } from './transient.ts';

const SANDBOXES = { read: 'read-only', edit: 'workspace-write', full: 'danger-full-access' } as const;

const BLOCKED = /Command blocked by \w+ hook: (.*)/u;

/** Codex, headless (`codex exec --json`). It tells tokens but no price. */
export const codexClient: Client = {
  name: 'codex',
  tells: 'tokens',
  commandLine: ({ prompt, cwd, model, permissions, folders = [] }) => ({
    file: 'codex',
    args: [
      'exec',
      '--json',
      '-C',
      cwd,
      '-s',
      SANDBOXES[permissions.level],
      ...(permissions.level === 'edit' ? folders.flatMap((folder) => ['--add-dir', folder]) : []),
      ...(model === undefined ? [] : ['-m', model]),
      '--',
      prompt,
    ],
  }),
  createReader: createCodexReader,
};

function createCodexReader(): StreamReader {
  let failure: string | undefined;
  let isComplete = false;
  const tokens = { input: 0, output: 0 };
  return {
    line(line) {
      const message = parseJsonLine(line);
      if (message === undefined) return [];
      const item = objectIn(message['item']);
      switch (message['type']) {
        case 'thread.started': {
          const session = textIn(message['thread_id']);
          return [{ kind: 'started', ...(session && { session }) }];
        }
        case 'item.started':
        case 'item.completed':
          return item === undefined ? [] : itemEvents(item, message['type'] === 'item.completed');
        case 'turn.completed': {
          const usage = objectIn(message['usage']);
          tokens.input += numberIn(usage?.['input_tokens']);
          tokens.output += numberIn(usage?.['output_tokens']);
          isComplete = true;
          return [{ kind: 'usage', tokens: { ...tokens } }];
        }
        case 'turn.failed':
        case 'error':
          failure =
            textIn(objectIn(message['error'])?.['message']) ??
            textIn(message['message']) ??
            'the turn failed';
          return [];
        default:
          return [];
      }
    },
    errorLine,
    end: () =>
      failure === undefined
        ? { isError: false, isComplete }
        : { isError: true, isComplete, reason: failure, isTransient: isTransientText(failure) },
  };
}

// What a hook refuses stands in no event, only in the log that goes to standard error.
function errorLine(line: string): readonly AgentEvent[] {
  const reason = BLOCKED.exec(line)?.[1];
  return reason === undefined ? [] : [{ kind: 'denied', tool: 'tool', reason }];
}

function itemEvents(item: JsonObject, isCompleted: boolean): readonly AgentEvent[] {
  const text = textIn(item['text']);
  switch (item['type']) {
    case 'agent_message':
      return isCompleted && text !== undefined ? [{ kind: 'text', text }] : [];
    case 'command_execution':
      return commandEvents(item, isCompleted);
    case 'file_change':
      return isCompleted ? objectsIn(item['changes']).map(changeEvent) : [];
    case 'mcp_tool_call':
      return isCompleted
        ? [{ kind: 'tool', name: [item['server'], item['tool']].map(textIn).join('.') }]
        : [];
    default:
      return [];
  }
}

function changeEvent(change: JsonObject): AgentEvent {
  const target = textIn(change['path']);
  return { kind: 'tool', name: 'apply_patch', ...(target && { target }) };
}

function commandEvents(item: JsonObject, isCompleted: boolean): readonly AgentEvent[] {
  const target = textIn(item['command']);
  if (!isCompleted) return [{ kind: 'tool', name: 'shell', ...(target && { target }) }];
  const reason = BLOCKED.exec(textIn(item['aggregated_output']) ?? '')?.[1];
  if (item['status'] !== 'declined' && reason === undefined) return [];
  return [{ kind: 'denied', tool: 'shell', reason: reason ?? 'declined' }];
}
