import { err, ok, type Result } from '#protocol';
import { detectClient, type Client } from './client.ts';
import type { GuardEvent, HookRequest } from './hook-request.ts';
import { readToolUse } from './tool-use.ts';

/** What is known besides the hook's standard input. */
export interface HookContext {
  /** From the command line. The client's own event name decides when it says otherwise. */
  readonly event: GuardEvent;
  readonly client: Client | undefined;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

// By the clients' own names, folded to letters. Anything else is what the command line says.
const EVENT_OF: Readonly<Record<string, HookRequest['event']>> = {
  sessionstart: 'session-start',
  userpromptsubmit: 'prompt',
  posttoolbatch: 'prompt',
  beforeagent: 'prompt',
  beforesubmitprompt: 'prompt',
  pretooluse: 'pre-tool',
  beforetool: 'pre-tool',
  beforeshellexecution: 'pre-tool',
  posttooluse: 'post-tool',
  posttoolusefailure: 'post-tool',
  aftertool: 'post-tool',
  afterfileedit: 'post-tool',
  aftershellexecution: 'post-tool',
  stop: 'stop',
  afteragent: 'stop',
  sessionend: 'session-end',
  // Should somebody wire these to the guard: it has nothing to say to them, and must say nothing.
  permissionrequest: 'other',
  subagentstart: 'other',
  subagentstop: 'other',
  taskcompleted: 'other',
  taskcreated: 'other',
  teammateidle: 'other',
  worktreecreate: 'other',
  worktreeremove: 'other',
};

/**
 * Reads a hook's standard input as any of the clients sends it. Tolerant of unknown and missing keys; an error only
 * when the text is no JSON object, because then nothing of it can be believed.
 */
export function decodeHook(text: string, context: HookContext): Result<HookRequest, string> {
  const input = parseObject(text);
  if (typeof input === 'string') return err(input);
  const hookName = stringOf(input['hook_event_name']) ?? '';
  const event = eventOf(hookName) ?? context.event;
  const { env } = context;
  const tool = toolOf(input, hookName);
  if (event === 'pre-tool' && tool?.kind === 'edit' && tool.paths.length === 0 && !tool.isPatch)
    return err(`the hook input of ${tool.tool} names no file`);
  return ok({
    client: context.client ?? detectClient(input, env),
    event,
    hookName,
    sessionId:
      stringOf(input['session_id']) ??
      stringOf(input['conversation_id']) ??
      stringOf(env['CLAUDE_CODE_SESSION_ID']),
    subAgent: stringOf(input['agent_id']),
    sessionTitle: stringOf(input['session_title']),
    cwd: folderOf(input) ?? context.cwd,
    tool,
    toolUseId: stringOf(input['tool_use_id']),
    isStopRepeated: input['stop_hook_active'] === true || Number(input['loop_count'] ?? 0) > 0,
    cause: stringOf(input['source']) ?? stringOf(input['reason']),
  });
}

function eventOf(hookName: string): HookRequest['event'] | undefined {
  const name = hookName.toLowerCase();
  const known = Object.hasOwn(EVENT_OF, name) ? name : name.replace(/[^a-z]/gu, '');
  return Object.hasOwn(EVENT_OF, known) ? EVENT_OF[known] : undefined;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | string {
  if (text.trim() === '') return 'the hook input is empty';
  try {
    const value: unknown = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
    return isObject(value) ? value : 'the hook input is not a JSON object';
  } catch (error) {
    return `the hook input is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function folderOf(input: Readonly<Record<string, unknown>>): string | undefined {
  const roots: unknown[] = Array.isArray(input['workspace_roots']) ? input['workspace_roots'] : [];
  return stringOf(input['cwd']) ?? stringOf(roots[0]);
}

function toolOf(input: Readonly<Record<string, unknown>>, hookName: string): HookRequest['tool'] {
  const name = stringOf(input['tool_name']);
  const arguments_ = isObject(input['tool_input']) ? input['tool_input'] : {};
  if (name !== undefined) return readToolUse(name, arguments_);
  // Cursor's narrow events carry the command or the path at the top.
  if (/shellexecution$/iu.test(hookName)) return readToolUse('Shell', input);
  return /^afterfileedit$/iu.test(hookName) ? readToolUse('Write', input) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
