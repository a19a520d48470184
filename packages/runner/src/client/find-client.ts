import { claudeClient } from './claude.ts';
import type { Client } from './client.ts';
import { codexClient } from './codex.ts';
import { createCommandClient } from './command-client.ts';
import { geminiClient } from './gemini.ts';
import { opencodeClient } from './opencode.ts';

const CLIENTS: readonly Client[] = [claudeClient, codexClient, geminiClient, opencodeClient];

/** The client of that name, else the text as a command with `{prompt}`; `USAGE` when it is neither. */
export function findClient(name: string): Client {
  return CLIENTS.find((client) => client.name === name) ?? createCommandClient(name);
}
