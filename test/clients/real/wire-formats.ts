import { scriptIn, type Step, type WireFormat } from './scripted-model.ts';

interface AnthropicBlock {
  readonly type: string;
  readonly text?: string;
}

interface AnthropicBody {
  readonly model?: string;
  readonly stream?: boolean;
  readonly tools?: readonly unknown[];
  readonly system?: unknown;
  readonly messages?: readonly {
    readonly role: string;
    readonly content: string | readonly AnthropicBlock[];
  }[];
}

const JSON_TYPE = 'application/json';
const EVENTS_TYPE = 'text/event-stream';

/** The Anthropic Messages API, for Claude Code. */
export const anthropic: WireFormat = (url, value) => {
  const body = value as AnthropicBody;
  if (url.includes('count_tokens')) return { type: JSON_TYPE, body: '{"input_tokens":10}' };
  const messages = body.messages ?? [];
  const chosen = lastScript(
    messages.map(({ role, content }) =>
      role === 'user'
        ? typeof content === 'string'
          ? content
          : content.map((block) => (block.type === 'text' ? (block.text ?? '') : '')).join('\n')
        : '',
    ),
  );
  const isMain = (body.tools?.length ?? 0) > 0;
  return {
    script: isMain ? chosen.script : undefined,
    step: messages.slice(chosen.at + 1).filter(({ role }) => role === 'assistant').length,
    told: JSON.stringify({ system: body.system, messages }),
    reply(step, id) {
      const content = [
        ...(step.text === undefined ? [] : [{ type: 'text', text: step.text }]),
        ...(step.calls ?? []).map(({ name, input }) => ({ type: 'tool_use', id: id('toolu'), name, input })),
      ];
      const stop = (step.calls?.length ?? 0) > 0 ? 'tool_use' : 'end_turn';
      const usage = {
        input_tokens: 10,
        output_tokens: 10,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
      };
      const message = { id: id('msg'), type: 'message', role: 'assistant', model: body.model, usage };
      if (body.stream !== true)
        return {
          type: JSON_TYPE,
          body: JSON.stringify({ ...message, content, stop_reason: stop, stop_sequence: null }),
        };
      const events = [
        {
          type: 'message_start',
          message: { ...message, content: [], stop_reason: null, stop_sequence: null },
        },
        ...content.flatMap((block, index) => [
          {
            type: 'content_block_start',
            index,
            content_block: 'text' in block ? { type: 'text', text: '' } : { ...block, input: {} },
          },
          {
            type: 'content_block_delta',
            index,
            delta:
              'text' in block
                ? { type: 'text_delta', text: block.text }
                : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) },
          },
          { type: 'content_block_stop', index },
        ]),
        { type: 'message_delta', delta: { stop_reason: stop, stop_sequence: null }, usage },
        { type: 'message_stop' },
      ];
      return { type: EVENTS_TYPE, body: renderEvents(events) };
    },
  };
};

interface ResponsesBody {
  readonly model?: string;
  readonly input?: readonly {
    readonly type?: string;
    readonly role?: string;
    readonly content?: readonly { readonly text?: string; readonly encrypted_content?: string }[];
  }[];
}

/** The OpenAI Responses API, for Codex. */
export const responses: WireFormat = (url, value) => {
  if (/\/models(?:\?|$)/u.test(url))
    return { type: JSON_TYPE, body: '{"object":"list","data":[],"models":[]}' };
  const body = value as ResponsesBody;
  const input = body.input ?? [];
  const chosen = lastScript(
    input.map(({ type, role, content = [] }) => {
      if (type === 'message' && role === 'user') return content.map(({ text }) => text ?? '').join('\n');
      // What one agent of a team gives another to do; "encrypted" by a service that is not there.
      const task = type === 'agent_message' ? content : [];
      return task.map(({ encrypted_content: sealed }) => sealed ?? '').join('\n');
    }),
  );
  return {
    script: chosen.script,
    step: countTurns(input.slice(chosen.at + 1).map(isModelOutput)),
    told: JSON.stringify(body),
    reply(step, id) {
      const output = outputItems(step, id);
      const base = { id: id('resp'), object: 'response', created_at: 0, model: body.model };
      const usage = {
        input_tokens: 10,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 10,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 20,
      };
      const events = [
        { type: 'response.created', response: { ...base, status: 'in_progress', output: [] } },
        ...output.flatMap((item, output_index) => [
          { type: 'response.output_item.added', output_index, item: { ...item, status: 'in_progress' } },
          { type: 'response.output_item.done', output_index, item },
        ]),
        { type: 'response.completed', response: { ...base, status: 'completed', output, usage } },
      ];
      return { type: EVENTS_TYPE, body: renderEvents(events) };
    },
  };
};

function outputItems(step: Step, id: (kind: string) => string): readonly Readonly<Record<string, unknown>>[] {
  const said = {
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: step.text, annotations: [] }],
  };
  return [
    ...(step.text === undefined ? [] : [{ type: 'message', id: id('msg'), ...said }]),
    ...(step.calls ?? []).map(({ name, input, namespace }) =>
      typeof input === 'string'
        ? { type: 'custom_tool_call', id: id('ctc'), call_id: id('call'), name, input, status: 'completed' }
        : {
            type: 'function_call',
            id: id('fc'),
            call_id: id('call'),
            name,
            ...(namespace === undefined ? {} : { namespace }),
            arguments: JSON.stringify(input),
            status: 'completed',
          },
    ),
  ];
}

function isModelOutput(item: { readonly type?: string; readonly role?: string }): boolean {
  return (item.type === 'message' && item.role === 'assistant') || (item.type ?? '').endsWith('_call');
}

// Neighbouring outputs of the model are one turn.
function countTurns(isOutput: readonly boolean[]): number {
  return isOutput.filter((output, index) => output && isOutput[index - 1] !== true).length;
}

interface GeminiBody {
  readonly tools?: readonly unknown[];
  readonly contents?: readonly {
    readonly role?: string;
    readonly parts?: readonly { readonly text?: string }[];
  }[];
}

/** Gemini's `generateContent`, for Gemini CLI. */
export const gemini: WireFormat = (url, value) => {
  if (url.includes('countTokens')) return { type: JSON_TYPE, body: '{"totalTokens":10}' };
  const body = value as GeminiBody;
  const contents = body.contents ?? [];
  const chosen = lastScript(
    contents.map(({ role, parts }) =>
      role === 'user' ? (parts ?? []).map(({ text }) => text ?? '').join('\n') : '',
    ),
  );
  const isMain = (body.tools?.length ?? 0) > 0;
  return {
    script: isMain ? chosen.script : undefined,
    step: contents.slice(chosen.at + 1).filter(({ role }) => role === 'model').length,
    told: JSON.stringify(body),
    reply(step) {
      // The client's own helper calls (model router, next speaker) want JSON.
      const aside =
        '{"reasoning":"x","complexity_reasoning":"x","complexity_score":10,"model_choice":"flash","next_speaker":"user"}';
      const text = isMain && chosen.script !== undefined ? step.text : aside;
      const parts = [
        ...(text === undefined ? [] : [{ text }]),
        ...(step.calls ?? []).map(({ name, input }) => ({ functionCall: { name, args: input } })),
      ];
      const answer = {
        candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }],
        usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 10, totalTokenCount: 20 },
        modelVersion: 'scripted',
      };
      return url.includes('stream')
        ? { type: EVENTS_TYPE, body: `data: ${JSON.stringify(answer)}\n\n` }
        : { type: JSON_TYPE, body: JSON.stringify(answer) };
    },
  };
};

function lastScript(texts: readonly string[]): { readonly script: string | undefined; readonly at: number } {
  const at = texts.findLastIndex((text) => scriptIn(text) !== undefined);
  return { script: at === -1 ? undefined : scriptIn(texts[at] ?? ''), at };
}

function renderEvents(events: readonly { readonly type: string }[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}
