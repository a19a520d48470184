// Made by squad-init: asks the guard before every edit and shell command (OpenCode 1.x).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../dotsquad.cjs', import.meta.url));
const GUARDED = new Set(['edit', 'write', 'patch', 'multiedit', 'apply_patch', 'bash']);
const AGENT_PID = process.env.AGENT_PID ?? String(process.pid);

export const Squad = async ({ client, directory }) => {
  const desk = openDesk({ client, directory });
  return { ...messageHooks(desk), ...toolHooks(desk), ...sessionHooks(desk, client) };
};

function askGuard(directory, event, input) {
  const { status, stdout, stderr } = spawnSync('node', [LAUNCHER, 'guard', event, '--client', 'opencode'], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, AGENT_PID, NODE_EXTRA_CA_CERTS: '' },
    input: JSON.stringify({ cwd: directory, ...input }),
    timeout: 10_000,
  });
  return { status, text: ((status === 2 ? stderr : stdout) ?? '').trim() };
}

// By session: the one that a person talks to, and what waits to be told to its model.
function openDesk({ client, directory }) {
  const roots = new Map();
  const waiting = new Map();
  const ask = (event, input) => askGuard(directory, event, input);
  const tell = (session, text) => {
    if (text !== '') waiting.set(session, [...(waiting.get(session) ?? []), text]);
  };
  const take = (session) => {
    const lines = waiting.get(session) ?? [];
    waiting.delete(session);
    return lines.join('\n');
  };
  // A sub-agent works in a session of its own, as the agent of the session that started it.
  const rootOf = async (session) => {
    if (roots.has(session)) return roots.get(session);
    const found = await client.session.get({ path: { id: session } }).catch(() => undefined);
    const parent = found?.data?.parentID;
    const root = parent === undefined ? session : await rootOf(parent);
    roots.set(session, root);
    if (root === session) tell(session, ask('session-start', { hook_event_name: 'SessionStart', session_id: root }).text);
    return root;
  };
  const callOf = async (hook_event_name, { sessionID, tool, callID }, tool_input) => {
    const session_id = await rootOf(sessionID);
    const sub = session_id === sessionID ? {} : { agent_id: sessionID };
    return { hook_event_name, session_id, ...sub, tool_name: tool, tool_use_id: callID, tool_input };
  };
  return { roots, ask, tell, take, rootOf, callOf };
}

function messageHooks({ ask, tell, take, callOf, rootOf }) {
  return {
    'chat.message': async (input, { parts }) => {
      tell(input.sessionID, ask('prompt', await callOf('UserPromptSubmit', input)).text);
      const last = parts.findLast((part) => part.type === 'text');
      const text = last === undefined ? '' : take(input.sessionID);
      if (text !== '') parts.push({ ...last, id: `${last.id}squad`, text, synthetic: true });
    },
    'shell.env': async ({ sessionID }, { env }) => {
      if (sessionID !== undefined) env.SQUAD_SESSION_ID = await rootOf(sessionID);
    },
  };
}

function toolHooks({ ask, tell, take, callOf }) {
  return {
    'tool.execute.before': async (input, output) => {
      if (!GUARDED.has(input.tool)) return;
      const { status, text } = ask('pre-tool', await callOf('PreToolUse', input, output.args));
      if (status === 2) throw new Error(text);
      if (status !== 0) throw new Error('the squad guard did not run, so the edit was refused; run: squad-doctor');
      tell(input.sessionID, text);
    },
    'tool.execute.after': async (input, output) => {
      if (GUARDED.has(input.tool))
        tell(input.sessionID, ask('post-tool', await callOf('PostToolUse', input, input.args)).text);
      tell(input.sessionID, ask('prompt', await callOf('PostToolBatch', input)).text);
      const text = take(input.sessionID);
      if (text !== '') output.output = `${output.output ?? ''}\n\n${text}`;
    },
  };
}

function sessionHooks({ roots, ask }, client) {
  const end = (session_id) => {
    if (roots.get(session_id) === session_id) ask('session-end', { hook_event_name: 'SessionEnd', session_id });
    roots.delete(session_id);
  };
  return {
    event: async ({ event }) => {
      const session = event.properties?.info?.id ?? event.properties?.sessionID;
      if (event.type === 'session.deleted') end(session);
      if (event.type !== 'session.idle' || roots.get(session) !== session) return;
      const { status, text } = ask('stop', { hook_event_name: 'Stop', session_id: session });
      if (status === 2) await client.session.promptAsync({ path: { id: session }, body: { parts: [{ type: 'text', text }] } });
    },
    dispose: async () => {
      for (const session of roots.keys()) end(session);
    },
  };
}
