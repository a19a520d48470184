import type { Clock } from '#protocol';
import type { ProcessIdentity, Store } from '#store';
import type { AgentEvent, Tokens } from './client/agent-event.ts';
import type { AgentRequest, Client } from './client/client.ts';
import { costOf, type Price } from './price.ts';
import { isTransientText } from './client/transient.ts';
import { supervise, type ProcessEnd, type ProcessSpec } from './process/supervise.ts';

/** One attempt of one agent, over. */
export interface AgentEnd {
  /** Exit 0 and no error flag in the client's stream. */
  readonly ok: boolean;
  /** Why it ended so, in a few words: `done`, `exit 3`, `timeout`, `stopped`, the client's own. */
  readonly reason: string;
  /** Trying again may help. */
  readonly isTransient: boolean;
  readonly isStopped: boolean;
  readonly session?: string;
  readonly costUsd?: number;
  readonly tokens: Tokens;
  readonly durationMs: number;
  readonly toolCalls: number;
  readonly denied: readonly { readonly tool: string; readonly reason: string }[];
  /** The last thing the agent said. */
  readonly text: string;
}

/** How to run one attempt. */
export interface AgentSpec {
  readonly client: Client;
  readonly request: AgentRequest;
  readonly env: NodeJS.ProcessEnv;
  readonly logPath: string;
  readonly timeoutMs: number;
  readonly graceMs: number;
  /** For a client that tells tokens and no price. */
  readonly price?: Price;
  readonly signal?: AbortSignal;
  readonly hardSignal?: AbortSignal;
  readonly onStart?: (identity: ProcessIdentity | undefined, pid: number) => void;
  readonly onEvent?: (event: AgentEvent) => void;
}

/** Runs one attempt of one agent as a supervised process. Never rejects for what the agent does. */
export async function runAgent(spec: AgentSpec, ports: { store: Store; clock: Clock }): Promise<AgentEnd> {
  const reader = spec.client.createReader();
  const tally = createTally(spec.onEvent);
  const errors: string[] = [];
  const startedMs = ports.clock.wallMs();
  const onLine = (text: string, stream: 'stdout' | 'stderr'): void => {
    if (stream === 'stdout') reader.line(text).forEach(tally.take);
    else reader.errorLine?.(text).forEach(tally.take);
    if (stream === 'stderr' && text.trim() !== '') errors.splice(0, errors.length, ...errors.slice(-4), text);
  };
  const end =
    spec.client.inProcess === undefined
      ? await supervise(processSpec(spec, onLine), ports.store)
      : await runInside(spec, spec.client.inProcess, { onLine, store: ports.store });
  const durationMs = Math.max(0, ports.clock.wallMs() - startedMs);
  const said = reader.end();
  const total = tally.total();
  const text = said.text ?? total.text;
  const costUsd = total.costUsd ?? (spec.price === undefined ? undefined : costOf(total.tokens, spec.price));
  return {
    ...judge(end, said, errors.join('\n')),
    ...total,
    ...(costUsd !== undefined && { costUsd }),
    text,
    durationMs,
  };
}

type OnLine = (text: string, stream: 'stdout' | 'stderr') => void;

function processSpec(spec: AgentSpec, onLine: OnLine): ProcessSpec {
  const line = spec.client.commandLine(spec.request);
  return {
    ...line,
    cwd: spec.request.cwd,
    env: { ...spec.env, ...line.env },
    timeoutMs: spec.timeoutMs,
    graceMs: spec.graceMs,
    logPath: spec.logPath,
    ...(spec.signal && { signal: spec.signal }),
    ...(spec.hardSignal && { hardSignal: spec.hardSignal }),
    ...(spec.onStart && { onStart: spec.onStart }),
    onLine,
  };
}

// The same ends as a process has: stopped on request, out of time, failed with a message, or done.
async function runInside(
  spec: AgentSpec,
  inProcess: NonNullable<Client['inProcess']>,
  { onLine, store }: { onLine: OnLine; store: Store },
): Promise<ProcessEnd> {
  const timeout = AbortSignal.timeout(Math.min(spec.timeoutMs, 2 ** 31 - 1));
  const asked = [spec.signal, spec.hardSignal].filter((signal) => signal !== undefined);
  const reason = (): ProcessEnd | undefined =>
    asked.some(({ aborted }) => aborted)
      ? { kind: 'stopped' }
      : timeout.aborted
        ? { kind: 'timeout' }
        : undefined;
  store.append(spec.logPath, '');
  const write = (line: string): void => {
    store.append(spec.logPath, `${line}\n`);
    onLine(line, 'stdout');
  };
  try {
    const signal = AbortSignal.any([timeout, ...asked]);
    await inProcess(spec.request, { env: spec.env, signal, onLine: write });
    return reason() ?? { kind: 'exited', code: 0 };
  } catch (error) {
    onLine(error instanceof Error ? error.message : String(error), 'stderr');
    return reason() ?? { kind: 'exited', code: 1 };
  }
}

type Verdict = Pick<AgentEnd, 'ok' | 'reason' | 'isTransient' | 'isStopped'>;

function judge(
  end: ProcessEnd,
  stream: ReturnType<ReturnType<Client['createReader']>['end']>,
  stderr: string,
): Verdict {
  const failed = { ok: false, isTransient: false, isStopped: false };
  switch (end.kind) {
    case 'stopped':
      return { ...failed, reason: 'stopped', isStopped: true };
    case 'timeout':
      return { ...failed, reason: 'timeout' };
    case 'not-started':
      return { ...failed, reason: `could not be started: ${end.message}` };
    case 'signalled':
      return { ...failed, reason: `ended by ${end.signal}` };
    case 'exited': {
      if (end.code === 0 && !stream.isError)
        return { ok: true, reason: 'done', isTransient: false, isStopped: false };
      const said = stream.reason ?? stderr.split('\n').at(-1) ?? '';
      const code = end.code === 0 ? 'error reported' : `exit ${end.code}`;
      const isTransient =
        end.code === 75 || stream.isTransient === true || (!stream.isComplete && isTransientText(stderr));
      return { ...failed, reason: said === '' ? code : `${code}: ${said.slice(0, 300)}`, isTransient };
    }
  }
}

function createTally(onEvent: ((event: AgentEvent) => void) | undefined): {
  take: (event: AgentEvent) => void;
  total: () => Pick<AgentEnd, 'session' | 'costUsd' | 'tokens' | 'toolCalls' | 'denied' | 'text'>;
} {
  let session: string | undefined;
  let costUsd: number | undefined;
  let tokens: Tokens = { input: 0, output: 0 };
  let toolCalls = 0;
  let text = '';
  const denied = new Map<string, { tool: string; reason: string }>();
  return {
    take(event) {
      if (event.kind === 'started') session = event.session ?? session;
      else if (event.kind === 'tool') toolCalls += 1;
      else if (event.kind === 'text') text = event.text;
      else if (event.kind === 'denied') denied.set(`${event.tool}\0${event.reason}`, event);
      else {
        tokens = event.tokens;
        costUsd = event.costUsd ?? costUsd;
      }
      onEvent?.(event);
    },
    total: () => ({
      ...(session && { session }),
      ...(costUsd !== undefined && { costUsd }),
      tokens,
      toolCalls,
      text,
      denied: [...denied.values()].map(({ tool, reason }) => ({ tool, reason })),
    }),
  };
}
