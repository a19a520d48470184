import { join } from 'node:path';
import type { Task } from '#tasks';
import type { Workspace } from './workspace.ts';

/** What an agent's environment is made of. */
export interface AgentSituation {
  readonly base: NodeJS.ProcessEnv;
  readonly squadDir: string;
  readonly agent: string;
  readonly runId: string;
  readonly task: Task;
  readonly workspace: Workspace;
}

// A client started by another client's session would take itself for a part of that session.
const INHERITED =
  /^(?:CLAUDECODE|CLAUDE_PID|CLAUDE_CODE_(?:SESSION|CHILD|MESSAGING|ENTRYPOINT|SSE)\w*|CODEX_(?:SESSION|THREAD)_ID|GEMINI_SESSION_ID|OPENCODE\w*|GIT_(?:DIR|WORK_TREE|INDEX_FILE|PREFIX))$/u;

/** The launcher's environment without another session's identity, and with the agent's own. */
export function agentEnvironment(situation: AgentSituation): NodeJS.ProcessEnv {
  const { base, squadDir, agent, task, workspace } = situation;
  const env = Object.fromEntries(Object.entries(base).filter(([name]) => !INHERITED.test(name)));
  return {
    ...env,
    ...workspace.env,
    AGENT_ID: agent,
    AGENT_TYPE: agent.replace(/^agent-\d+-/u, ''),
    AGENT_PLAN: task.source.path,
    AGENT_COMM: join(squadDir, 'comms', `${agent}-comm.md`),
    PARALLEL_MODE: 'true',
    SQUAD_DIR: squadDir,
    SQUAD_TASK: task.id,
    SQUAD_RUN: situation.runId,
  };
}

/** Who does a task: the planned agent, else one named for the task. */
export function agentOf(task: Task): string {
  return task.agent ?? `agent-${slugOf(task.id)}`;
}

/** A name from an id, safe in branches, folders and agent ids: lower case, `-` for everything unusual, at most 50. */
export function slugOf(id: string): string {
  const slug = id
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-+|-+$/gu, '')
    .slice(0, 50)
    .replace(/-+$/u, '');
  return slug === '' ? 'task' : slug;
}
