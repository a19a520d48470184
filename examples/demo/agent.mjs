// One scripted agent: reads its plan and works through it as its rules say. AGENT_ID tells which agent it is.
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import matter from 'gray-matter';
import { squad, squadJson } from './squad.mjs';

const me = process.env.AGENT_ID;
const root = process.cwd();
const TYPES = 'shared/types/metrics.ts';
const MS_PER_PLANNED_MINUTE = Number(process.env.DEMO_MS_PER_MINUTE ?? '30');
const at = { cwd: root };

const plans = readdirSync(join(root, '.squad/parallel-plans')).map(
  (name) => matter(readFileSync(join(root, '.squad/parallel-plans', name), 'utf8')).data,
);
const plan = plans.find(({ agent }) => agent === me);
const agentOf = (role) => plans.find(({ agent }) => agent.endsWith(role)).agent;
const tasks = plan.tasks.toSorted((a, b) => a.start_minute - b.start_minute);
const finished = [];

const say = (text) => process.stdout.write(`${me}: ${text}\n`);
const status = (word, ...args) => squadJson('squad-comms', ['status', word, ...args], at);

await status('ACTIVE', '--progress', `0/${tasks.length}`, '--next', tasks[0].title);
if (me === agentOf('frontend')) await giveTypes(agentOf('backend'));
if (me === agentOf('backend')) await takeTypes();
if (me === agentOf('ml')) await meetHeldTypes();
for (const task of tasks) await work(task);
await status('COMPLETE', '--progress', `${tasks.length}/${tasks.length}`);
say('all tasks complete');

// Writes the shared types first, then hands the file on and waits until it was taken.
async function giveTypes(receiver) {
  await squadJson(
    'squad-lock',
    ['acquire', TYPES, '--purpose', 'metric types', '--handoff-to', receiver],
    at,
  );
  await pause(20 * MS_PER_PLANNED_MINUTE);
  edit(
    TYPES,
    'export interface MetricSeries {\n  readonly metric: Metric;\n  readonly values: readonly number[];\n}\n',
  );
  await commit([TYPES], 'Add the types of a metric series');
  const { value } = await squadJson(
    'squad-comms',
    ['handoff', receiver, '--file', TYPES, '--notes', 'series types added'],
    at,
  );
  say(`handed ${TYPES} to ${receiver} (${value.id})`);
}

// Accepts the handoff, which moves the lease here, and adds what the API needs.
async function takeTypes() {
  const request = await waitForHandoff(TYPES);
  await squadJson('squad-comms', ['accept', request.id], at);
  edit(TYPES, 'export type MetricResponse = readonly MetricSeries[];\n');
  await commit([TYPES], 'Add the response type of the metrics API');
  await squadJson('squad-comms', ['complete', request.id], at);
  await squadJson('squad-lock', ['release', TYPES], at);
  say(`took over ${TYPES}, extended and released it`);
}

async function waitForHandoff(file) {
  return until(`a handoff of ${file} arrives`, async () => {
    const { value } = await squadJson('squad-comms', ['inbox', '--wait', '1s'], at, [0, 1, 3]);
    return value?.items?.find((item) => item.kind === 'handoff-request' && item.files.includes(file));
  });
}

// Meets the lock held by another, is told by whom, and waits its turn.
async function meetHeldTypes() {
  await until('the types are held', async () =>
    (await squadJson('squad-lock', ['list'], at)).value.leases.some(({ path }) => path === TYPES),
  );
  const { value } = await squadJson('squad-lock', ['acquire', TYPES], at, [3]);
  say(`${TYPES} is held by ${value.holders[0].agent}; waiting`);
  await status('WAITING', '--waiting-for', TYPES);
  await squadJson('squad-lock', ['acquire', TYPES, '--wait', '40s', '--purpose', 'read the final types'], at);
  await squadJson('squad-lock', ['release', TYPES], at);
  await status('ACTIVE', '--next', tasks[0].title);
}

async function work(task) {
  await waitForDependencies(task);
  const began = performance.now();
  const paths = [...task.files.create, ...task.files.modify].map((path) => path.replace(/^\//u, ''));
  const files = paths.map((path) =>
    /[*/]$/u.test(path) ? join(path.replace(/\/?\*.*$/u, ''), `${slug(task.title)}.ts`) : path,
  );
  await status('ACTIVE', '--task', task.id, '--progress', `${finished.length}/${tasks.length}`);
  await squadJson('squad-lock', ['acquire', ...files, '--wait', '30s', '--purpose', task.title], at);
  await pause(task.estimate_minutes * MS_PER_PLANNED_MINUTE);
  for (const file of files) edit(file, `// ${task.id}: ${task.title}\n`);
  await commit(files, task.title);
  const proof = `git log --format=%s -1 -- ${files.map((file) => `'${file}'`).join(' ')} | grep -qF '${task.title}'`;
  await squadJson(
    'squad-comms',
    ['done', '--task', task.id, '--evidence', proof, '--files', files.join(',')],
    at,
  );
  await squadJson('squad-lock', ['release', ...files], at);
  finished.push(task.id);
  process.send?.({ task: task.id, ms: performance.now() - began });
  say(`finished ${task.id} ${task.title}`);
}

async function waitForDependencies(task) {
  const openDependencies = async () => {
    const { value } = await squadJson('squad-comms', ['log'], at);
    const done = new Set(
      value.blocks.filter(({ kind }) => kind === 'completion').map(({ taskId }) => taskId),
    );
    return task.depends_on.filter((id) => !done.has(id));
  };
  const open = await openDependencies();
  if (open.length === 0) return;
  say(`${task.id} waits for ${open.join(', ')}`);
  await status('WAITING', '--task', task.id, '--waiting-for', open.join(', '));
  await until(`${open.join(', ')} is done`, async () => (await openDependencies()).length === 0);
}

// Looks every tenth of a second, for half a minute at most.
async function until(what, look) {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    const found = await look();
    if (found) return found;
    await pause(100);
  }
  throw new Error(`${me} waited too long until ${what}`);
}

function edit(file, text) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  const mark = file.endsWith('.py') ? text.replace(/^\/\//gmu, '#') : text;
  appendFileSync(join(root, file), existsSync(join(root, file)) ? mark : `${mark}export {};\n`);
}

// git never runs twice at once, and only this agent's paths are committed.
async function commit(files, message) {
  const script =
    'git add -- "$@" && git commit --quiet --no-verify --author "$AGENT_ID <$AGENT_ID@example.org>" -m "$MESSAGE" -- "$@"';
  const args = ['run', 'op:git', '--wait', '30s', '--', 'sh', '-c', script, 'sh', ...files];
  const { code, stderr } = await squad('squad-lock', args, { cwd: root, env: { MESSAGE: message } });
  if (code !== 0) throw new Error(`the commit of ${files.join(', ')} failed (${code}): ${stderr}`);
}

function slug(title) {
  return title.toLowerCase().replaceAll(/[^a-z0-9]+/gu, '-');
}
