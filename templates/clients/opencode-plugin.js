// Made by squad-init: asks the guard before every edit and shell command (OpenCode 1.x).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../dotsquad.cjs', import.meta.url));
const GUARDED = new Set(['edit', 'write', 'patch', 'multiedit', 'apply_patch', 'bash']);

export const Squad = async ({ directory }) => {
  const waiting = [];
  const ask = (event, input) => {
    const answer = spawnSync('node', [LAUNCHER, 'guard', event, '--client', 'opencode'], {
      cwd: directory,
      encoding: 'utf8',
      env: { ...process.env, NODE_EXTRA_CA_CERTS: '' },
      input: JSON.stringify({ cwd: directory, ...input }),
      timeout: 10_000,
    });
    return { status: answer.status, text: (answer.status === 2 ? answer.stderr : answer.stdout ?? '').trim() };
  };
  const toolCall = ({ tool, sessionID, callID }, args) => ({
    session_id: sessionID,
    tool_name: tool,
    tool_use_id: callID,
    tool_input: args,
  });
  return {
    'tool.execute.before': async (input, output) => {
      if (!GUARDED.has(input.tool)) return;
      const { status, text } = ask('pre-tool', { hook_event_name: 'PreToolUse', ...toolCall(input, output.args) });
      if (status === 2) throw new Error(text);
      if (status !== 0) throw new Error('the squad guard did not run, so the edit was refused; run: squad-doctor');
    },
    'tool.execute.after': async (input, output) => {
      if (GUARDED.has(input.tool))
        ask('post-tool', { hook_event_name: 'PostToolUse', ...toolCall(input, input.args ?? output.metadata ?? {}) });
      const { text } = ask('prompt', { hook_event_name: 'UserPromptSubmit', session_id: input.sessionID });
      const told = [...waiting.splice(0), ...(text === '' ? [] : [text])].join('\n');
      if (told !== '') output.output = `${output.output ?? ''}\n\n${told}`;
    },
    event: async ({ event }) => {
      const session = event.properties?.info?.id ?? event.properties?.sessionID;
      if (event.type === 'session.created') {
        const { text } = ask('session-start', { hook_event_name: 'SessionStart', session_id: session });
        if (text !== '') waiting.push(text);
      }
      if (event.type === 'session.deleted') ask('session-end', { hook_event_name: 'SessionEnd', session_id: session });
    },
  };
};
