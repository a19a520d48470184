import { createTool, field, type SquadTool, type ToolAnswer } from '#mcp';
import { sessionIdFrom } from '#store';
import type { Io } from '../shell/io.ts';
import { createCaller, type ProgramCaller } from './call-program.ts';

/**
 * The tools: each is a squad command with `--json`, so that both doors always say the same. Identity is the session's, or
 * what `whoami` was told in this process: by the session that a call names, else by the one of the environment.
 */
export function openTools(io: Io): (session: string | undefined) => readonly SquadTool[] {
  const bySession = new Map<string, readonly SquadTool[]>();
  return (session = '') => {
    const known = bySession.get(session);
    if (known !== undefined) return known;
    const made = createTools(session === '' ? io : { ...io, env: { ...io.env, SQUAD_SESSION_ID: session } });
    if (bySession.size < MAX_SESSIONS) bySession.set(session, made);
    return made;
  };
}

// One server serves one client; this many sessions in its life would be a client that makes ids up.
const MAX_SESSIONS = 1000;

function createTools(io: Io): readonly SquadTool[] {
  const caller = createCaller(io);
  const isSession = sessionIdFrom(io.env) !== undefined;
  return [
    ...viewTools(caller, isSession),
    ...leaseTools(caller),
    ...handoffTools(caller),
    ...messageTools(caller),
  ];
}

const read = { isReadOnly: true, isIdempotent: true } as const;
const write = { isReadOnly: false, isIdempotent: false } as const;

function whoAmI(caller: ProgramCaller, agent: string | undefined, isSession: boolean): Promise<ToolAnswer> {
  if (agent !== undefined) {
    caller.actAs(agent);
    if (isSession) return caller.call('guard', ['bind', word(agent)]);
  }
  return caller.call('comms', ['inbox']);
}

function viewTools(caller: ProgramCaller, isSession: boolean): readonly SquadTool[] {
  const { call } = caller;
  return [
    createTool({
      name: 'whoami',
      title: 'Who am I',
      description: 'Say which agent you are (agent), or see who you are and what waits for you.',
      input: { agent: field.optionalText('your agent id, as in agent-1-frontend') },
      ...write,
      isIdempotent: true,
      run: ({ agent }) => whoAmI(caller, agent, isSession),
    }),
    createTool({
      name: 'board',
      title: 'Board',
      description: 'Every agent with its status and task, leases, open handoffs and conflicts.',
      input: {},
      ...read,
      run: () => call('sync', ['--once', '--no-act']),
    }),
    createTool({
      name: 'holder',
      title: 'Who holds a path',
      description: 'Who holds a file, folder or operation (op:git) now, until when, and who waits for it.',
      input: { path: field.text('repo-relative path, or op:<name>') },
      ...read,
      run: ({ path }) => call('lock', ['status', pathWord(path)]),
    }),
  ];
}

function leaseTools(caller: ProgramCaller): readonly SquadTool[] {
  const { call } = caller;
  return [
    createTool({
      name: 'claim',
      title: 'Claim paths',
      description:
        'Take leases on files or folders before you edit them: all of them or none. kind "held" says by whom.',
      input: {
        paths: field.texts('repo-relative paths; a trailing slash means the folder'),
        purpose: field.optionalText('what for; others see it'),
        wait: field.optionalText('how long to wait in the queue, as 2m'),
      },
      ...write,
      run: ({ paths, purpose, wait }) =>
        call('lock', [
          'acquire',
          ...option('purpose', purpose),
          ...option('wait', wait),
          ...paths.map(pathWord),
        ]),
    }),
    createTool({
      name: 'release',
      title: 'Release paths',
      description: 'Give leases back; without paths all of yours.',
      input: { paths: field.optionalTexts('repo-relative paths') },
      ...write,
      isIdempotent: true,
      run: ({ paths = [] }) =>
        call('lock', paths.length === 0 ? ['release', '--all'] : ['release', ...paths.map(pathWord)]),
    }),
  ];
}

function handoffTools(caller: ProgramCaller): readonly SquadTool[] {
  const { call } = caller;
  return [
    createTool({
      name: 'handoff',
      title: 'Hand files over',
      description: 'Offer files to another agent. They stay yours until it accepts.',
      input: {
        to: field.text('agent id'),
        files: field.texts('repo-relative paths'),
        notes: field.optionalText('what the receiver must know'),
      },
      ...write,
      run: ({ to, files, notes }) =>
        call('comms', [
          'handoff',
          ...option('notes', notes),
          ...files.flatMap((file) => option('file', file)),
          word(to),
        ]),
    }),
    createTool({
      name: 'inbox',
      title: 'Inbox',
      description:
        'What other agents want from you and you have not answered; each with its answering command.',
      input: { wait: field.optionalText('wait this long for something new, as 30s') },
      ...read,
      run: ({ wait }) => call('comms', ['inbox', ...option('wait', wait)]),
    }),
    createTool({
      name: 'answer',
      title: 'Answer an inbox item',
      description: 'Accept, decline or complete a handoff, answer a question, or acknowledge the rest.',
      input: {
        id: field.text('the id of the item'),
        move: field.choice('what to do with it', 'accept', 'decline', 'complete', 'answer', 'ack'),
        text: field.optionalText('the answer, or the reason for declining'),
      },
      ...write,
      run: ({ id, move, text }) => call('comms', answerArguments(id, move, text)),
    }),
  ];
}

function messageTools(caller: ProgramCaller): readonly SquadTool[] {
  const { call } = caller;
  return [
    createTool({
      name: 'send',
      title: 'Ask another agent',
      description: 'Put a question to another agent; the answer comes into your inbox.',
      input: { to: field.text('agent id'), text: field.text('the question') },
      ...write,
      run: ({ to, text }) => call('comms', ['ask', word(to), word(text)]),
    }),
    createTool({
      name: 'status',
      title: 'Say where you stand',
      description: 'Post your status; renews your leases.',
      input: {
        status: field.choice(
          'the status',
          'READY',
          'ACTIVE',
          'WAITING',
          'BLOCKED',
          'REVIEW',
          'PAUSED',
          'FAILED',
        ),
        task: field.optionalText('task id, as T-03'),
        progress: field.optionalText('as 3/5'),
        next: field.optionalText('what comes next'),
      },
      ...write,
      run: ({ status, task, progress, next }) =>
        call('comms', [
          'status',
          ...option('task', task),
          ...option('progress', progress),
          ...option('next', next),
          status,
        ]),
    }),
  ];
}

function option(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`--${name}=${value}`];
}

// What a model writes is only ever an operand: never an option, whatever it begins with.
function word(text: string): string {
  return text.startsWith('-') ? ` ${text}` : text;
}

function pathWord(path: string): string {
  return path.startsWith('-') ? `./${path}` : path;
}

function answerArguments(id: string, move: string, text: string | undefined): readonly string[] {
  if (move === 'answer') return ['answer', word(id), word(text ?? '')];
  if (move === 'decline') return ['decline', ...option('reason', text), word(id)];
  return [move, word(id)];
}
