// Whole-process latency of the guard, as a ratio to `node -e 0` in the same run: each round starts every variant once, in
// turn, so that all of them meet the same machine. Needs `npm run build`.   npm run bench:guard -- [rounds]
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLocks } from '#lock';
import { createIdSource } from '#protocol';
import { createNodeStore, systemClock } from '#store';

const ROUNDS = Number(process.argv[2] ?? 40);
const GUARD = fileURLToPath(new URL('../../dist/fast/squad-guard.cjs', import.meta.url));
const LEASES = [0, 1000, 10_000];
const COMMAND = 'npm test -- --run src && git diff --stat > shared/changes.txt';

function repository(leaseCount) {
  const root = mkdtempSync(join(tmpdir(), 'dotsquad-bench-'));
  spawnSync('git', ['init', '--quiet', root]);
  const squadDir = join(root, '.squad');
  mkdirSync(squadDir);
  writeFileSync(
    join(squadDir, 'ownership.yaml'),
    '/theirs:\n  owner: bob\n  access: EXCLUSIVE\n/shared:\n  owner: NONE\n  access: SEQUENTIAL\n',
  );
  const store = createNodeStore();
  const newId = createIdSource(() => Date.now(), randomBytes);
  const locks = openLocks(
    { store, squadDir, clock: systemClock, newId },
    { ttlMs: 8 * 3_600_000, maxHoldMs: 24 * 3_600_000 },
  );
  for (let done = 0; done < leaseCount; done += 500) {
    const count = Math.min(500, leaseCount - done);
    const resources = Array.from({ length: count }, (_, index) => ({ name: `held/file-${done + index}.ts` }));
    locks.acquire({ agent: `agent-${done}`, resources, purpose: 'bench' });
  }
  // Until the log has rolled, so that the leases stand in its base, as they do in the long run.
  const rolls = leaseCount > 0 ? 70 : 0;
  for (let record = 0; record < rolls; record += 1) {
    locks.acquire({ agent: 'roller', resources: [{ name: 'roll.ts' }] });
    locks.release({ agent: 'roller', all: true, wholly: true });
  }
  return root;
}

function payload(root, path, bytes) {
  return hook(root, 'Write', { file_path: join(root, path), content: 'x'.repeat(bytes) });
}

function hook(root, tool_name, tool_input) {
  const use = { tool_name, tool_input, tool_use_id: 't' };
  return JSON.stringify({ session_id: 'bench', cwd: root, hook_event_name: 'PreToolUse', ...use });
}

function time(args, input) {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, AGENT_ID: 'alice' };
  const started = performance.now();
  spawnSync(process.execPath, args, { input, env, stdio: ['pipe', 'pipe', 'pipe'] });
  return performance.now() - started;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const roots = new Map(LEASES.map((count) => [count, repository(count)]));
const variants = [
  ['node -e 0', ['-e', '0'], ''],
  ...LEASES.flatMap((count) => [
    [`allow, ${count} leases`, [GUARD, 'pre-tool'], payload(roots.get(count), 'shared/mine.ts', 10)],
    [`deny, ${count} leases`, [GUARD, 'pre-tool'], payload(roots.get(count), 'theirs/a.ts', 10)],
  ]),
  ['allow, 1 MB payload', [GUARD, 'pre-tool'], payload(roots.get(0), 'shared/mine.ts', 1_000_000)],
  ['allow, shell command', [GUARD, 'pre-tool'], hook(roots.get(0), 'Bash', { command: COMMAND })],
  ['no .squad/', [GUARD, 'pre-tool'], payload(tmpdir(), 'elsewhere.ts', 10)],
];
const times = new Map(variants.map(([name]) => [name, []]));
for (let round = -3; round < ROUNDS; round += 1) {
  for (const [name, args, input] of variants) {
    const ms = time(args, input);
    if (round >= 0) times.get(name).push(ms);
  }
}
const base = median(times.get('node -e 0'));
const none = median(times.get('allow, 0 leases'));
for (const [name, values] of times) {
  const ms = median(values);
  console.log(
    `${name.padEnd(22)} ${ms.toFixed(1).padStart(7)} ms   ${(ms / base).toFixed(2)} x node -e 0   ${(ms / none).toFixed(2)} x no leases`,
  );
}
for (const root of roots.values()) rmSync(root, { recursive: true, force: true });
