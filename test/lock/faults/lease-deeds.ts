import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLocks, type Locks } from '#lock';
import { createIdSource } from '#protocol';
import { createNodeStore, identifyProcess, randomBytes, systemClock, type ProcessIdentity } from '#store';
import { runBin } from '../../support/bins.ts';
import { testRepository } from '../../support/repository.ts';
import { runTraced, type Fault, type Traced } from './traced-program.ts';

/** Something a user does with leases, and what was there before. */
export interface Deed {
  readonly args: readonly ['squad-lock' | 'squad-comms', ...string[]];
  readonly before: (locks: Locks, root: string) => void;
}

const newId = createIdSource(() => Date.now(), randomBytes);
const KEEPER = { agent: 'keeper', resources: [{ name: 'kept.ts' }] };

/** The leases of a repository, for a process without faults. */
export function healthyLocks(root: string): Locks {
  const ports = { store: createNodeStore(), squadDir: join(root, '.squad'), clock: systemClock, newId };
  return openLocks(ports, { ttlMs: 3_600_000, maxHoldMs: 3_600_000 });
}

// A process that is provably gone.
function deadProcess(): ProcessIdentity {
  const { pid } = spawnSync('true');
  const self = identifyProcess(process.pid);
  if (self === undefined) throw new Error('this process is not known to the system');
  return { ...self, pid, start: '1' };
}

// Each lease and its release is two records; an epoch takes thirty-two.
function fillEpoch(locks: Locks, records: number): void {
  for (let count = 0; count < records; count += 2) {
    locks.acquire({ agent: 'filler', resources: [{ name: 'filling.ts' }] });
    locks.release({ agent: 'filler', all: true });
  }
}

const own = (locks: Locks): unknown => locks.acquire({ agent: 'agent-1', resources: [{ name: 'a.ts' }] });
const rival = (locks: Locks): unknown => locks.acquire({ agent: 'rival', resources: [{ name: 'a.ts' }] });

const HANDOFF = 'H-01M7Y3RENXRK4Y2AQBBYJG500B';
const OFFER = `## Handoff Request 2026-11-21T03:52:48Z
ID: ${HANDOFF}
FROM: rival
TO: agent-1
FILE: /a.ts
`;

/** Every operation on leases. All but the first find a log, with a lease of somebody who lives. */
export const DEEDS = {
  'acquire, the first of all': { args: ['squad-lock', 'acquire', 'a.ts'], before: () => {} },
  acquire: { args: ['squad-lock', 'acquire', 'a.ts', 'b/'], before: keep },
  'acquire that fills an epoch': {
    args: ['squad-lock', 'acquire', 'a.ts'],
    before: (locks) => {
      keep(locks);
      fillEpoch(locks, 30);
    },
  },
  'acquire that is refused': { args: ['squad-lock', 'acquire', 'kept.ts'], before: keep },
  'takeover from the dead': {
    args: ['squad-lock', 'acquire', 'a.ts'],
    before: (locks) => {
      keep(locks);
      locks.acquire({ agent: 'rival', resources: [{ name: 'a.ts' }], holder: deadProcess() });
    },
  },
  renew: { args: ['squad-lock', 'renew', 'a.ts'], before: andOwn },
  release: { args: ['squad-lock', 'release', 'a.ts'], before: andOwn },
  'release to the next in the queue': {
    args: ['squad-lock', 'release', 'a.ts'],
    before: (locks) => {
      andOwn(locks);
      const stop = new AbortController();
      void locks.acquireWaiting(
        { agent: 'rival', resources: [{ name: 'a.ts' }] },
        { waitMs: 60_000, signal: stop.signal },
      );
      stop.abort();
    },
  },
  'release for an heir': {
    args: ['squad-lock', 'release', 'a.ts'],
    before: (locks) => {
      keep(locks);
      locks.acquire({ agent: 'agent-1', resources: [{ name: 'a.ts' }], handoffTo: 'rival' });
    },
  },
  'wait in vain': {
    args: ['squad-lock', 'acquire', 'a.ts', '--wait', '50ms'],
    before: (locks) => {
      keep(locks);
      rival(locks);
    },
  },
  break: {
    args: ['squad-lock', 'break', 'a.ts', '--reason', 'test'],
    before: (locks) => {
      keep(locks);
      rival(locks);
    },
  },
  'accept a handoff': {
    args: ['squad-comms', 'accept', HANDOFF],
    before: (locks, root) => {
      keep(locks);
      rival(locks);
      mkdirSync(join(root, '.squad/comms'), { recursive: true });
      writeFileSync(join(root, '.squad/comms/rival-comm.md'), OFFER);
    },
  },
  verify: { args: ['squad-lock', 'verify', 'a.ts'], before: andOwn },
  list: { args: ['squad-lock', 'list'], before: andOwn },
} as const satisfies Readonly<Record<string, Deed>>;

function keep(locks: Locks): void {
  const self = identifyProcess(process.pid);
  locks.acquire({ ...KEEPER, ...(self === undefined ? {} : { holder: self }) });
}

function andOwn(locks: Locks): void {
  keep(locks);
  own(locks);
}

/** A repository whose leases can be put back as they were before a deed. */
export class Stage {
  readonly root: string;
  readonly deed: Deed;

  private constructor(root: string, deed: Deed) {
    this.root = root;
    this.deed = deed;
  }

  static async prepare(deed: Deed): Promise<Stage> {
    const root = testRepository({ 'a.ts': '' });
    await runBin('squad-init', [], { cwd: root });
    await runBin('squad-lock', ['list'], { cwd: root });
    deed.before(healthyLocks(root), root);
    execFileSync('cp', ['-a', `${root}/.squad`, `${root}.before`]);
    return new Stage(root, deed);
  }

  /** What is held now, as text that does not change with time. */
  held(): string {
    const { leases, waiting } = healthyLocks(this.root).table();
    return JSON.stringify([
      leases.map(({ resource, agent, token }) => [resource, agent, token]),
      waiting.map(({ agent }) => agent),
    ]);
  }

  run(fault?: Fault): Traced {
    this.restore();
    return runTraced(this.root, this.deed.args, fault);
  }

  restore(): void {
    rmSync(`${this.root}/.squad`, { recursive: true, force: true });
    execFileSync('cp', ['-a', `${this.root}.before`, `${this.root}/.squad`]);
  }

  remove(): void {
    for (const suffix of ['', '.before', '.trace'])
      rmSync(`${this.root}${suffix}`, { recursive: true, force: true });
  }
}
