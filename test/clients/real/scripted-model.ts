import { createServer, type IncomingMessage, type Server } from 'node:http';
import { onTestFinished } from 'vitest';

/** One tool call that the model asks for. Codex's `apply_patch` takes text instead of an object. */
export interface ScriptedCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>> | string;
  /** Where Codex keeps a tool that the model must find by search. */
  readonly namespace?: string;
}

/** What the model answers at one step. */
export interface Step {
  readonly text?: string;
  readonly calls?: readonly ScriptedCall[];
  /** Answered instead of anything else, as the service would. */
  readonly error?: { readonly status: number; readonly type: string; readonly message: string };
}

/** A step, or one that is worked out (and may wait) when the client asks for it. */
export type ScriptStep = Step | ((told: string) => Step | Promise<Step>);

/** Scripts by name: a prompt chooses one with `@@script:NAME`; past its end the model says "done.". */
export type Scripts = Readonly<Record<string, readonly ScriptStep[]>>;

/** A model on the loopback that follows scripts. */
export interface ScriptedModel {
  readonly port: number;
  /** Resolves when the client asks for this step of this script. */
  readonly reached: (script: string, step: number) => Promise<void>;
  /** How often the client asked for this step; more than once when it tried again. */
  readonly asked: (script: string, step: number) => number;
  /** Everything that the model was told in this script, as JSON text. */
  readonly told: (script: string) => string;
}

/** What a wire format makes of a request: the script, the step, all that was said, and how to answer. */
export interface Exchange {
  readonly script: string | undefined;
  readonly step: number;
  readonly told: string;
  readonly reply: (
    step: Step,
    id: (kind: string) => string,
  ) => { readonly type: string; readonly body: string };
}

/** Reads a request of one client's protocol; a string is answered as it is, with its content type. */
export type WireFormat = (
  url: string,
  body: unknown,
) => Exchange | { readonly type: string; readonly body: string };

const WAIT_MS = 60_000;

/** Starts a scripted model that speaks one client's protocol; it ends with the test. */
export async function startModel(format: WireFormat, scripts: Scripts): Promise<ScriptedModel> {
  const seen = new Map<string, string>();
  const waiting = new Map<string, () => void>();
  const asked = new Map<string, number>();
  let ids = 0;
  const id = (kind: string): string => `${kind}_${String((ids += 1)).padStart(6, '0')}`;
  const server = createServer((request, response) => {
    void answer(request).then(
      ({ status = 200, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const exchange = format(request.url ?? '/', parse(Buffer.concat(chunks).toString('utf8')));
    if (!('reply' in exchange)) return exchange;
    const { script, step, told } = exchange;
    if (script === undefined) return exchange.reply({ text: 'ok' }, id);
    const key = `${script}:${step}`;
    seen.set(script, told);
    seen.set(key, told);
    asked.set(key, (asked.get(key) ?? 0) + 1);
    waiting.get(key)?.();
    const scripted = scripts[script]?.[step] ?? { text: 'done.' };
    const chosen = typeof scripted === 'function' ? await scripted(told) : scripted;
    return chosen.error === undefined ? exchange.reply(chosen, id) : refusal(chosen.error);
  };
  const port = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    port,
    asked: (script, step) => asked.get(`${script}:${step}`) ?? 0,
    told: (script) => seen.get(script) ?? '',
    reached: (script, step) => reached({ seen, waiting }, `${script}:${step}`),
  };
}

interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly body: string;
}

// In the words of all three services: each reads its own fields.
function refusal({ status, type, message }: NonNullable<Step['error']>): Answer {
  const error = { type, code: status, message, status: type };
  return { status, type: 'application/json', body: JSON.stringify({ type: 'error', error }) };
}

function reached(
  log: { readonly seen: ReadonlyMap<string, string>; readonly waiting: Map<string, () => void> },
  key: string,
): Promise<void> {
  if (log.seen.has(key)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the client never reached ${key}`)), WAIT_MS);
    log.waiting.set(key, () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** The last `@@script:NAME` in a text. */
export function scriptIn(text: string): string | undefined {
  return [...text.matchAll(/@@script:([\w.-]+)/gu)].at(-1)?.[1];
}
