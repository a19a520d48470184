import type { StreamReader } from './agent-event.ts';

/** What a client is asked to do, in terms that every client has. */
export interface AgentRequest {
  readonly prompt: string;
  readonly agent: string;
  readonly cwd: string;
  readonly model?: string;
  readonly maxTurns?: number;
  readonly maxBudgetUsd?: number;
  readonly permissions: Permissions;
  /** Absolute paths of folders beside `cwd` that the agent's commands write, as `.squad/`. */
  readonly folders?: readonly string[];
}

/** What an agent may do without asking; nobody is there to ask. */
export interface Permissions {
  /** `read`: look only. `edit`: change files of its folder. `full`: anything, for sandboxes. */
  readonly level: 'read' | 'edit' | 'full';
  /** Tools allowed beyond the level, in the client's own notation, as `Bash(npm test *)`. */
  readonly tools: readonly string[];
  /** Shell commands allowed beyond the level, by how they begin. */
  readonly commands?: readonly string[];
}

// What the prompts ask every agent that works to do.
const PROTOCOL_COMMANDS = [
  'git add',
  'git commit',
  'git status',
  'git diff',
  'git log',
  'squad-lock',
  'squad-comms',
];

/** Shell commands that an agent may run without being asked: those of the completion protocol at level `edit`, and its own. */
export function allowedCommands({ level, commands = [] }: Permissions): readonly string[] {
  return level === 'edit' ? [...PROTOCOL_COMMANDS, ...commands] : commands;
}

/** A program and its arguments, ready to start. */
export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** One coding-agent program. */
export interface Client {
  readonly name: string;
  /** What it says of its cost: the cost itself (and it stops at a limit), tokens, or nothing. */
  readonly tells: 'cost' | 'tokens' | 'nothing';
  readonly commandLine: (request: AgentRequest) => CommandLine;
  readonly createReader: () => StreamReader;
  /** Runs the request without a process of its own, giving the lines that one would print. Rejects for a failure. */
  readonly inProcess?: (request: AgentRequest, run: InProcessRun) => Promise<void>;
}

/** What a client that runs in this process is given. */
export interface InProcessRun {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}
