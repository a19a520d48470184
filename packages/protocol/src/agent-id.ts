import { consistsOf, isAlphanumeric, isNameUnit } from './characters.ts';
import { err, ok, type Result } from './result.ts';

/** An agent's name, as in `agent-1-frontend` or `human-ada`: one writer in the protocol, and part of file names. */
export type AgentId = string & { readonly brand: unique symbol };

const MAX_LENGTH = 64;

/** Accepts letters, digits, `-`, `_`, `.`, at most 64, starting with a letter or digit; refuses anything with a path meaning. */
export function parseAgentId(text: string): Result<AgentId, string> {
  const isPlain = consistsOf(text, isNameUnit) && isAlphanumeric(text.charCodeAt(0)) && !text.endsWith('.');
  if (isPlain && text.length <= MAX_LENGTH && !text.includes('..')) return ok(text as AgentId);
  return err(
    `"${text.slice(0, 80)}" is not an agent id: use letters, digits, "-", "_" and ".", at most 64, starting with a letter or digit`,
  );
}

/** The one the coordinator writes as. */
export const COORDINATOR_ID: AgentId = 'coordinator' as AgentId;
