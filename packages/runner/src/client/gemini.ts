import type { AgentEvent, StreamReader } from './agent-event.ts';
import { allowedCommands, type Client, type Permissions } from './client.ts';
import { numberIn, objectIn, parseJsonLine, textIn, type JsonObject } from './json-line.ts';
import { isTransientText } from './transient.ts';

const MODES = { read: 'plan', edit: 'auto_edit', full: 'yolo' } as const;

/** Gemini CLI, headless (`gemini -p … -o stream-json`). It tells tokens but no price. */
export const geminiClient: Client = {
  name: 'gemini',
  tells: 'tokens',
  commandLine: ({ prompt, model, permissions }) => ({
    file: 'gemini',
    args: [
      `--prompt=${prompt}`,
      '--output-format',
      'stream-json',
      '--approval-mode',
      MODES[permissions.level],
      ...allowedTools(permissions),
      ...(model === undefined ? [] : ['-m', model]),
    ],
  }),
  createReader: createGeminiReader,
};

function allowedTools(permissions: Permissions): readonly string[] {
  const commands = allowedCommands(permissions).map((command) => `run_shell_command(${command})`);
  const tools = [...commands, ...permissions.tools];
  return tools.length === 0 ? [] : ['--allowed-tools', tools.join(',')];
}

function createGeminiReader(): StreamReader {
  let result: JsonObject | undefined;
  const toolNames = new Map<string, string>();
  // Messages come in pieces; a tool call begins a new one.
  let answer = '';
  return {
    line(line) {
      const message = parseJsonLine(line);
      if (message === undefined) return [];
      if (message['type'] === 'result') result = message;
      if (message['type'] === 'tool_use' || message['type'] === 'error') answer = '';
      const events = eventsOf(message, toolNames);
      for (const event of events) if (event.kind === 'text') answer += event.text;
      return events;
    },
    end() {
      const status = textIn(result?.['status']);
      if (status === undefined || status === 'success')
        return { isError: false, isComplete: status !== undefined, text: answer };
      const reason = textIn(objectIn(result?.['error'])?.['message']) ?? status;
      return { isError: true, isComplete: true, reason, isTransient: isTransientText(reason) };
    },
  };
}

function eventsOf(message: JsonObject, toolNames: Map<string, string>): readonly AgentEvent[] {
  switch (message['type']) {
    case 'init': {
      const session = textIn(message['session_id']);
      return [{ kind: 'started', ...(session && { session }) }];
    }
    case 'message': {
      const text = textIn(message['content']);
      return message['role'] === 'assistant' && text !== undefined ? [{ kind: 'text', text }] : [];
    }
    case 'tool_use': {
      const name = textIn(message['tool_name']) ?? 'tool';
      toolNames.set(textIn(message['tool_id']) ?? '', name);
      const input = objectIn(message['parameters']);
      const target = textIn(input?.['file_path']) ?? textIn(input?.['command']);
      return [{ kind: 'tool', name, ...(target && { target }) }];
    }
    case 'tool_result':
      return refusal(message, toolNames);
    case 'result': {
      const stats = objectIn(message['stats']);
      const tokens = { input: numberIn(stats?.['input_tokens']), output: numberIn(stats?.['output_tokens']) };
      return [{ kind: 'usage', tokens }];
    }
    default:
      return [];
  }
}

function refusal(message: JsonObject, toolNames: ReadonlyMap<string, string>): readonly AgentEvent[] {
  const error = objectIn(message['error']);
  const told = textIn(error?.['message']) ?? textIn(message['output']) ?? '';
  const reason = (told.split('\n', 1)[0] ?? '').replace(/^Tool execution blocked: /u, '');
  const isRefused = message['status'] === 'error' && /blocked|denied|policy/iu.test(told);
  return isRefused
    ? [{ kind: 'denied', tool: toolNames.get(textIn(message['tool_id']) ?? '') ?? 'tool', reason }]
    : [];
}
