import { schema, type Schema } from '#protocol';

/** `.squad/config.yaml`. Every setting is optional in the file; durations are written like `30m`. */
export interface Config {
  readonly lock: {
    /** Lease length when a command names none. */
    readonly ttl: string;
    /** The longest a lease may be held over all renewals. */
    readonly maxHold: string;
  };
  readonly guard: {
    /** `strict`: an internal failure of the guard refuses the edit; `lenient`: allows and journals. */
    readonly onFailure: 'strict' | 'lenient';
    /** Length of the leases that the guard takes for an edit; each further edit renews them. */
    readonly leaseTtl: string;
    /** `commit`: until the file is committed, handed over, or the session ends; `turn`: until the agent stops. */
    readonly keepLeases: 'commit' | 'turn';
  };
  readonly sync: {
    readonly interval: string;
    /** An agent not heard of for this long is reported as silent. */
    readonly silentAfter: string;
    /** A block older than this is reported. */
    readonly longBlock: string;
    /** Per kind of action: report, suggest or act. */
    readonly policy: Readonly<Record<string, string>>;
    /** Run when a person is needed, with the message in `SQUAD_MESSAGE`; empty: nothing is run. */
    readonly notify: string;
  };
  readonly task: {
    /** Commands that must succeed before a task counts as complete, beside its own. */
    readonly gates: readonly string[];
  };
  readonly merge: {
    /** Run after each merge in the integration worktree; empty: nothing is tested. */
    readonly test: string;
    /** Run before the test and judged alike, such as `npx tsc --noEmit`; empty: types are not checked. */
    readonly types: string;
    /** A test or type check that takes longer is ended and counts as red. */
    readonly testTimeout: string;
    /** Generated files by pattern, and the command that makes them anew when they conflict. */
    readonly regenerate: Readonly<Record<string, string>>;
    /** Files in which both sides' lines can stand side by side. */
    readonly union: readonly string[];
  };
  readonly run: {
    /** US dollars per million tokens in and out, by model or client, for clients that tell no price: `codex: 1.25/10`. */
    readonly prices: Readonly<Record<string, string>>;
  };
  readonly worktree: {
    /** Folder for worktrees; relative paths start at the repository's root. Empty: beside the repository. */
    readonly folder: string;
    /** Put before a worktree's name to get its branch. */
    readonly branchPrefix: string;
    /** Ignored or untracked files and folders copied into each worktree. */
    readonly copy: readonly string[];
    /** Files and folders that each worktree shares with the main one through a link. */
    readonly link: readonly string[];
    /** Names of ignored folders that can be made anew: backups leave them out. */
    readonly disposable: readonly string[];
    /** A port range per service: `web: 4000-4099` becomes `SQUAD_PORT_WEB`. */
    readonly ports: Readonly<Record<string, string>>;
    /** A database name per purpose: `main: app_{name}` becomes `SQUAD_DB_MAIN`. */
    readonly databases: Readonly<Record<string, string>>;
  };
  /** Who there is to plan for: `frontend: [react, css]`, role names with skills. Empty: `.claude/agents`, else the document's areas. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

/** What holds when the file says nothing. */
export const DEFAULT_CONFIG: Config = {
  lock: { ttl: '30m', maxHold: '8h' },
  guard: { onFailure: 'lenient', leaseTtl: '15m', keepLeases: 'commit' },
  sync: { interval: '2s', silentAfter: '10m', longBlock: '15m', policy: {}, notify: '' },
  merge: { test: '', types: '', testTimeout: '30m', regenerate: {}, union: ['CHANGELOG.md', 'changes/**'] },
  task: { gates: [] },
  run: { prices: {} },
  worktree: {
    folder: '',
    branchPrefix: 'squad/',
    copy: [],
    link: [],
    disposable: [
      'node_modules',
      'dist',
      'build',
      'target',
      'coverage',
      '.venv',
      'venv',
      '__pycache__',
      '.mypy_cache',
      '.pytest_cache',
      '.tox',
      '.next',
      '.nuxt',
      '.turbo',
      '.cache',
      '.gradle',
    ],
    ports: {},
    databases: {},
  },
  roles: {},
};

const { array, later, literal, object, record, string } = schema;

const price: Schema<string> = string({
  pattern: '^\\s*\\$?\\d+(?:\\.\\d+)?\\s*/\\s*\\$?\\d+(?:\\.\\d+)?\\s*$',
  expected: 'dollars per million tokens in and out, as 1.25/10',
});

// What it lets through `requireDuration` reads without a doubt: up to three parts, none of them nothing, under ten years.
const FRACTION = '(?:\\.\\d{1,3})?|0\\.\\d{0,2}[1-9]';
const DURATION = [
  `(?:[1-9]\\d{0,2}${FRACTION})\\s*[dD]`,
  `(?:[1-9]\\d{0,3}${FRACTION})\\s*[hH]`,
  `(?:[1-9]\\d{0,5}${FRACTION})\\s*[mM]`,
  `(?:[1-9]\\d{0,6}${FRACTION})\\s*[sS]`,
  '[1-9]\\d{0,9}\\s*[mM][sS]',
].join('|');
const duration: Schema<string> = string({
  pattern: `^\\s*(?:(?:${DURATION})\\s*){1,3}$`,
  expected: 'a duration like 90s, 10m or 1h30m',
});

/** Decoder and JSON Schema of a complete {@link Config}. */
export const configSchema: Schema<Config> = later(() =>
  object<Config>({
    lock: object<Config['lock']>({ ttl: duration, maxHold: duration }),
    guard: object<Config['guard']>({
      onFailure: literal('strict', 'lenient'),
      leaseTtl: duration,
      keepLeases: literal('commit', 'turn'),
    }),
    sync: object<Config['sync']>({
      interval: duration,
      silentAfter: duration,
      longBlock: duration,
      policy: record(string()),
      notify: string(),
    }),
    task: object<Config['task']>({ gates: array(string()) }),
    merge: object<Config['merge']>({
      test: string(),
      types: string(),
      testTimeout: duration,
      regenerate: record(string()),
      union: array(string()),
    }),
    run: object<Config['run']>({ prices: record(price) }),
    worktree: object<Config['worktree']>({
      folder: string(),
      branchPrefix: string(),
      copy: array(string()),
      link: array(string()),
      disposable: array(string()),
      ports: record(string()),
      databases: record(string()),
    }),
    roles: record(array(string())),
  }),
);
