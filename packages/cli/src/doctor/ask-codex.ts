import { spawn } from 'node:child_process';
import { schema, type Schema } from '#protocol';

/** A hook as Codex itself sees it. */
export interface CodexHook {
  readonly eventName: string;
  readonly command?: string | null;
  readonly sourcePath?: string | null;
  readonly pluginId?: string | null;
  readonly enabled: boolean;
  /** `trusted` and `managed` hooks run; `untrusted` and `modified` ones are skipped without a word. */
  readonly trustStatus: string;
}

const { array, boolean, later, nullable, object, optional, string } = schema;

interface Listing {
  readonly id: number;
  readonly result: { readonly data: readonly { readonly hooks: readonly CodexHook[] }[] };
}

const listingSchema: Schema<Listing> = later(() => {
  const hook = object<CodexHook>({
    eventName: string(),
    command: optional(nullable(string())),
    sourcePath: optional(nullable(string())),
    pluginId: optional(nullable(string())),
    enabled: boolean(),
    trustStatus: string(),
  });
  const data = array(object<Listing['result']['data'][number]>({ hooks: array(hook) }));
  return object<Listing>({ id: schema.number(), result: object<Listing['result']>({ data }) });
});

const CODEX = 'codex';
const ASK_MS = 10_000;
const QUESTIONS = [
  { id: 1, method: 'initialize', params: { clientInfo: { name: 'squad-doctor', version: '1' } } },
  { method: 'initialized' },
];

/** The hooks that Codex reads in a folder, asked of its own server; `undefined` without such a program or without an answer. */
export function listCodexHooks(place: {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}): Promise<readonly CodexHook[] | undefined> {
  const { root, env } = place;
  return new Promise((resolve) => {
    const child = spawn(CODEX, ['app-server'], { cwd: root, env, stdio: ['pipe', 'pipe', 'ignore'] });
    const finish = (hooks: readonly CodexHook[] | undefined): void => {
      clearTimeout(timer);
      child.kill();
      resolve(hooks);
    };
    const timer = setTimeout(() => finish(undefined), ASK_MS);
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      const answer = lines.map(readListing).find((listing) => listing !== undefined);
      if (answer !== undefined) finish(answer);
    });
    child.on('error', () => finish(undefined));
    child.on('close', () => finish(undefined));
    child.stdin.on('error', () => {});
    const asked = [...QUESTIONS, { id: 2, method: 'hooks/list', params: { cwds: [root] } }];
    child.stdin.write(
      asked.map((question) => `${JSON.stringify({ jsonrpc: '2.0', ...question })}\n`).join(''),
    );
  });
}

function readListing(line: string): readonly CodexHook[] | undefined {
  try {
    const decoded = listingSchema.decode(JSON.parse(line));
    return decoded.ok ? decoded.value.result.data.flatMap(({ hooks }) => hooks) : undefined;
  } catch {
    return undefined;
  }
}
