import { SquadError } from '#protocol';
import { claudeClient } from './claude.ts';
import { allowedCommands, type AgentRequest, type Client } from './client.ts';

/** What is used of `@anthropic-ai/claude-agent-sdk`: its `query`. */
export type SdkQuery = (call: {
  readonly prompt: string;
  readonly options: Readonly<Record<string, unknown>>;
}) => AsyncIterable<unknown>;

const MODES = { read: 'plan', edit: 'acceptEdits', full: 'bypassPermissions' } as const;

/**
 * Claude through the Agent SDK, an optional peer dependency, instead of the `claude` program: the same messages, so the
 * same reader. Project settings stay on, because the guard's hooks are among them. `COMMAND_FAILED` when the SDK is not installed.
 */
export async function createSdkClient(query?: SdkQuery): Promise<Client> {
  const ask = query ?? (await loadQuery());
  return {
    name: 'claude-agent-sdk',
    tells: 'cost',
    commandLine: claudeClient.commandLine,
    createReader: claudeClient.createReader,
    inProcess: async (request, { env, signal, onLine }) => {
      const controller = new AbortController();
      const stop = (): void => controller.abort();
      signal.addEventListener('abort', stop, { once: true });
      try {
        const options = sdkOptions(request, env);
        for await (const message of ask({
          prompt: request.prompt,
          options: { ...options, abortController: controller },
        }))
          onLine(JSON.stringify(message));
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
  };
}

function sdkOptions(request: AgentRequest, env: NodeJS.ProcessEnv): Readonly<Record<string, unknown>> {
  const { permissions, model, maxTurns, maxBudgetUsd, cwd } = request;
  return {
    cwd,
    env,
    permissionMode: MODES[permissions.level],
    ...(permissions.level === 'full' && { allowDangerouslySkipPermissions: true }),
    allowedTools: [
      ...allowedCommands(permissions).map((command) => `Bash(${command}:*)`),
      ...permissions.tools,
    ],
    settingSources: ['user', 'project', 'local'],
    includeHookEvents: true,
    ...(model && { model }),
    ...(maxTurns !== undefined && { maxTurns }),
    ...(maxBudgetUsd !== undefined && { maxBudgetUsd }),
  };
}

const PACKAGE = '@anthropic-ai/claude-agent-sdk';

async function loadQuery(): Promise<SdkQuery> {
  try {
    const loaded = (await import(PACKAGE)) as { readonly query?: unknown };
    if (typeof loaded.query === 'function') return loaded.query as SdkQuery;
  } catch (cause) {
    throw new SquadError({
      code: 'COMMAND_FAILED',
      message: `${PACKAGE} is not installed`,
      hint: `run: npm install ${PACKAGE}, or use --with claude`,
      cause,
    });
  }
  throw new SquadError({
    code: 'COMMAND_FAILED',
    message: `${PACKAGE} has no query()`,
    hint: 'use --with claude',
  });
}
