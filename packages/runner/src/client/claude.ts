import type { AgentEvent, StreamEnd, StreamReader, Tokens } from './agent-event.ts';
import { allowedCommands, type AgentRequest, type Client, type CommandLine } from './client.ts';
import { numberIn, objectIn, objectsIn, parseJsonLine, textIn, type JsonObject } from './json-line.ts';

const MODES = { read: 'plan', edit: 'acceptEdits', full: 'bypassPermissions' } as const;

/** Claude Code, headless (`claude -p`). Never passes a flag that would switch project hooks off. */
export const claudeClient: Client = {
  name: 'claude',
  tells: 'cost',
  commandLine: claudeCommandLine,
  createReader: createClaudeReader,
};

function claudeCommandLine(request: AgentRequest): CommandLine {
  const { permissions } = request;
  const tools = [
    ...allowedCommands(permissions).map((command) => `Bash(${command}:*)`),
    ...permissions.tools,
  ];
  const option = (name: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [name, String(value)];
  return {
    file: 'claude',
    args: [
      '-p',
      '--output-format',
      'stream-json',
      '--verbose',
      '--include-hook-events',
      '--permission-mode',
      MODES[permissions.level],
      ...option('--allowedTools', tools.length === 0 ? undefined : tools.join(',')),
      ...option('--model', request.model),
      ...option('--max-turns', request.maxTurns),
      ...option('--max-budget-usd', request.maxBudgetUsd),
      '--name',
      request.agent,
    ],
    input: request.prompt,
  };
}

/** Reads `--output-format stream-json`. The result line decides, because an API error also calls itself "success". */
function createClaudeReader(): StreamReader {
  let result: JsonObject | undefined;
  // Refusals stand in the stream and, in some versions, again in the result.
  let sawRefusal = false;
  const toolNames = new Map<string, string>();
  // One message comes in several lines; the result has the true sum, which a client that is ended never tells.
  const spent = new Map<string, Tokens>();
  return {
    line(line) {
      const message = parseJsonLine(line);
      if (message === undefined) return [];
      if (message['type'] === 'result') {
        result = message;
        return resultEvents(message).filter(({ kind }) => kind !== 'denied' || !sawRefusal);
      }
      const events = eventsOf(message, toolNames);
      sawRefusal ||= events.some(({ kind }) => kind === 'denied');
      return [...events, ...usageSoFar(message, spent)];
    },
    end: () => claudeEnd(result),
  };
}

function eventsOf(message: JsonObject, toolNames: Map<string, string>): readonly AgentEvent[] {
  const content = objectsIn(objectIn(message['message'])?.['content']);
  switch (message['type']) {
    case 'system':
      return systemEvents(message);
    case 'assistant':
      for (const { id, name } of content)
        if (typeof id === 'string') toolNames.set(id, textIn(name) ?? 'unknown');
      return content.flatMap(contentEvent);
    case 'user':
      return objectsIn(message['tool_result_meta']).flatMap((meta) => refusalEvent(meta, content, toolNames));
    default:
      return [];
  }
}

function usageSoFar(line: JsonObject, spent: Map<string, Tokens>): readonly AgentEvent[] {
  const message = objectIn(line['message']);
  const usage = objectIn(message?.['usage']);
  const id = textIn(message?.['id']);
  if (line['type'] !== 'assistant' || usage === undefined || id === undefined) return [];
  spent.set(id, { input: numberIn(usage['input_tokens']), output: numberIn(usage['output_tokens']) });
  const sum = (key: keyof Tokens): number => [...spent.values()].reduce((total, one) => total + one[key], 0);
  return [{ kind: 'usage', tokens: { input: sum('input'), output: sum('output') } }];
}

function systemEvents(message: JsonObject): readonly AgentEvent[] {
  if (message['subtype'] !== 'init') return [];
  const session = textIn(message['session_id']);
  const model = textIn(message['model']);
  return [{ kind: 'started', ...(session && { session }), ...(model && { model }) }];
}

function contentEvent(block: JsonObject): readonly AgentEvent[] {
  const text = textIn(block['text']);
  if (block['type'] === 'text' && text !== undefined) return [{ kind: 'text', text }];
  if (block['type'] !== 'tool_use') return [];
  const input = objectIn(block['input']);
  const target =
    textIn(input?.['file_path']) ?? textIn(input?.['notebook_path']) ?? textIn(input?.['command']);
  return [{ kind: 'tool', name: textIn(block['name']) ?? 'unknown', ...(target && { target }) }];
}

function refusalEvent(
  meta: JsonObject,
  results: readonly JsonObject[],
  toolNames: ReadonlyMap<string, string>,
): readonly AgentEvent[] {
  const decision = objectIn(meta['permission_decision']);
  if (decision?.['decision'] !== 'reject' && decision?.['decision'] !== 'deny') return [];
  const id = textIn(meta['id']) ?? '';
  const told = textIn(results.find((result) => result['tool_use_id'] === id)?.['content']);
  const reason = told?.split('\n', 1)[0]?.replace(/^PreToolUse:\w+ hook error: /u, '');
  return [
    {
      kind: 'denied',
      tool: toolNames.get(id) ?? textIn(meta['tool_name']) ?? 'tool',
      reason: reason ?? textIn(decision['source']) ?? 'denied',
    },
  ];
}

function resultEvents(result: JsonObject): readonly AgentEvent[] {
  const models = objectsIn(Object.values(objectIn(result['modelUsage']) ?? {}));
  const sum = (key: string): number => models.reduce((total, usage) => total + numberIn(usage[key]), 0);
  const usage = objectIn(result['usage']);
  const tokens =
    models.length > 0
      ? { input: sum('inputTokens'), output: sum('outputTokens') }
      : { input: numberIn(usage?.['input_tokens']), output: numberIn(usage?.['output_tokens']) };
  const denials = objectsIn(result['permission_denials']).map((denial): AgentEvent => ({
    kind: 'denied',
    tool: textIn(denial['tool_name']) ?? 'tool',
    reason: textIn(objectIn(denial['tool_input'])?.['file_path']) ?? 'permission',
  }));
  const text = textIn(result['result']);
  return [
    { kind: 'usage', tokens, costUsd: numberIn(result['total_cost_usd']) },
    ...denials,
    ...(text === undefined ? [] : [{ kind: 'text', text } as const]),
  ];
}

function claudeEnd(result: JsonObject | undefined): StreamEnd {
  if (result === undefined) return { isError: false, isComplete: false };
  const isError = result['is_error'] !== false;
  const status = numberIn(result['api_error_status']);
  const subtype = textIn(result['subtype']) ?? 'error';
  if (!isError) return { isError, isComplete: true };
  const reason =
    status > 0
      ? `API error ${status}`
      : subtype === 'success'
        ? (textIn(result['result']) ?? 'error')
        : subtype;
  return { isError, isComplete: true, reason, isTransient: status === 429 || status >= 500 };
}
