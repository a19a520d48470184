import type { AgentEvent, StreamReader } from './agent-event.ts';
import type { Client } from './client.ts';
import { numberIn, objectIn, parseJsonLine, textIn, type JsonObject } from './json-line.ts';
import { isTransientText } from './transient.ts';

/** OpenCode 1.x, headless (`opencode run --format json`). Its stream has no final event: exit 0 without an error is success. */
export const opencodeClient: Client = {
  name: 'opencode',
  tells: 'cost',
  commandLine: ({ prompt, model, permissions }) => ({
    file: 'opencode',
    args: ['run', '--format', 'json', ...(model === undefined ? [] : ['--model', model]), '--', prompt],
    env: { OPENCODE_PERMISSION: JSON.stringify(permissionsFor(permissions.level)) },
  }),
  createReader: createOpencodeReader,
};

function permissionsFor(level: 'read' | 'edit' | 'full'): Readonly<Record<string, string>> {
  const edit = level === 'read' ? 'deny' : 'allow';
  return { edit, bash: level === 'read' ? 'deny' : 'allow', webfetch: level === 'full' ? 'allow' : 'deny' };
}

function createOpencodeReader(): StreamReader {
  let failure: string | undefined;
  let isStarted = false;
  const total = { input: 0, output: 0, costUsd: 0 };
  return {
    line(line) {
      const message = parseJsonLine(line);
      if (message === undefined) return [];
      const session = textIn(message['sessionID']);
      const first: readonly AgentEvent[] = isStarted
        ? []
        : [{ kind: 'started', ...(session && { session }) }];
      isStarted = true;
      if (message['type'] === 'error') {
        const error = objectIn(message['error']);
        failure = textIn(objectIn(error?.['data'])?.['message']) ?? textIn(error?.['name']) ?? 'error';
      }
      return [...first, ...partEvents(message, total)];
    },
    end: () =>
      failure === undefined
        ? { isError: false, isComplete: false }
        : { isError: true, isComplete: true, reason: failure, isTransient: isTransientText(failure) },
  };
}

function partEvents(
  message: JsonObject,
  total: { input: number; output: number; costUsd: number },
): readonly AgentEvent[] {
  const part = objectIn(message['part']);
  if (part === undefined) return [];
  switch (message['type']) {
    case 'text': {
      const text = textIn(part['text']);
      return text === undefined ? [] : [{ kind: 'text', text }];
    }
    case 'tool_use':
      return toolEvents(part);
    case 'step_finish': {
      const tokens = objectIn(part['tokens']);
      total.input += numberIn(tokens?.['input']);
      total.output += numberIn(tokens?.['output']);
      total.costUsd += numberIn(part['cost']);
      return [
        { kind: 'usage', tokens: { input: total.input, output: total.output }, costUsd: total.costUsd },
      ];
    }
    default:
      return [];
  }
}

function toolEvents(part: JsonObject): readonly AgentEvent[] {
  const state = objectIn(part['state']);
  const name = textIn(part['tool']) ?? 'tool';
  const input = objectIn(state?.['input']);
  const target = textIn(input?.['filePath']) ?? textIn(input?.['command']);
  const tool: AgentEvent = { kind: 'tool', name, ...(target && { target }) };
  if (state?.['status'] !== 'error') return [tool];
  return [tool, { kind: 'denied', tool: name, reason: textIn(state['error']) ?? 'error' }];
}
