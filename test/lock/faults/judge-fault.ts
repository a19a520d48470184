import { leftBehind } from '../../race/left-behind.ts';
import { healthyLocks, type Stage } from './lease-deeds.ts';
import { runTraced, type Fault, type Traced } from './traced-program.ts';

const RESOURCES = ['a.ts', 'b/', 'kept.ts', 'free.ts'];

/** What is wrong with how a program met a fault, and with what it left. */
export function judgeFault(stage: Stage, fault: Fault, traced: Traced): readonly string[] {
  const before = heldBefore(stage);
  const wrong = [...(fault.how.startsWith('signal') ? [] : judgeWords(traced, before === stage.held()))];
  return [...wrong, ...judgeLeases(stage, traced)].map(
    (words) => `${fault.how} at ${fault.line.slice(0, 200)}: ${words}\n${traced.stdout}${traced.stderr}`,
  );
}

const known = new WeakMap<Stage, string>();

// Restoring is what makes it known; it is done once a stage, before the first fault.
function heldBefore(stage: Stage): string {
  const text = known.get(stage) ?? stage.held();
  known.set(stage, text);
  return text;
}

/** Notes what is held before any fault. */
export function noteBefore(stage: Stage): void {
  stage.restore();
  heldBefore(stage);
}

function judgeWords({ code, stdout, stderr }: Traced, isUnchanged: boolean): string[] {
  const all = stdout + stderr;
  return [
    ...([0, 1, 3].includes(code ?? -1) ? [] : [`exit code ${code}`]),
    ...(/^\s+at /mu.test(all) ? ['a stack trace'] : []),
    ...(code === 1 && stdout === '' && !/\b[A-Z]+(?:_[A-Z]+)+\b/u.test(stderr) ? ['no code'] : []),
    ...(all.includes('nothing was changed') && !isUnchanged
      ? ['says that nothing was changed, and lies']
      : []),
  ];
}

// A lease that moves is always the giver's or the receiver's, and the move can be made again until it is done.
function judgeMove({ root, deed }: Stage, holder: string | undefined, code: number | null): string[] {
  const again = runTraced(root, deed.args);
  const isDone =
    again.code === 0 && healthyLocks(root).verify({ agent: 'agent-1', resource: 'a.ts' }).kind === 'valid';
  return [
    ...(holder === 'agent-1' || (holder === 'rival' && code !== 0) ? [] : [`it is held by ${holder}`]),
    ...(isDone ? [] : [`once more, it ended with ${again.code}: ${again.stderr}`]),
  ];
}

function judgeLeases(stage: Stage, { code, stdout }: Traced): string[] {
  const locks = healthyLocks(stage.root);
  const wrong: string[] = [];
  const isKept =
    stage.deed.args.join(' ') !== 'squad-lock acquire a.ts' || locks.leasesOn('kept.ts').length > 0;
  const { leases } = locks.table();
  const onA = leases.filter(({ resource, reserved }) => resource === 'a.ts' && !reserved);
  if (onA.length > 1) wrong.push('two hold a.ts');
  if (isKept && locks.verify({ agent: 'keeper', resource: 'kept.ts' }).kind !== 'valid')
    wrong.push('the living lost its lease');
  if (code === 0 && stdout.startsWith('acquired') && onA[0]?.agent !== 'agent-1')
    wrong.push('acquired, and does not hold');
  if (code === 0 && stdout.startsWith('released') && onA[0]?.agent === 'agent-1')
    wrong.push('released, and still holds');
  if (locks.acquire({ agent: 'next', resources: [{ name: 'free.ts' }] }).kind !== 'acquired')
    wrong.push('nothing can be taken any more');
  if (stage.deed.args[0] === 'squad-comms') wrong.push(...judgeMove(stage, onA[0]?.agent, code));
  const again = locks.release({ agent: 'agent-1', resources: ['a.ts'] });
  if (again.kept.length > 0) wrong.push('one acquire was counted twice');
  const holder = again.released.length > 0 ? undefined : onA[0]?.alive === 'dead' ? undefined : onA[0]?.agent;
  const outcome = locks.acquire({ agent: 'next', resources: [{ name: 'a.ts' }] });
  const isRight =
    holder === undefined ||
    (outcome.kind === 'held' && outcome.holders.some(({ agent }) => agent === holder));
  if (!isRight) wrong.push(`a.ts of ${holder} was given to another`);
  for (const agent of ['agent-1', 'rival', 'keeper', 'filler', 'next'])
    locks.release({ agent, all: true, wholly: true });
  for (const { resource, reserved } of locks.table().leases)
    if (reserved) locks.breakLease({ resource, by: 'next', reason: 'test' });
  return [...wrong, ...leftBehind(`${stage.root}/.squad`, RESOURCES, 3_600_000)];
}
