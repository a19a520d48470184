import { createServer } from 'node:net';
import { SquadError } from '#protocol';
import type { RunHome } from '../plans/run-home.ts';

const [FIRST_PORT, LAST_PORT] = [42_000, 42_999];

/**
 * Does `work` with a port that nothing listens on and nobody else in the repository has: held as the lease
 * `port:<number>` in the name of `agent`, which must be used by nobody else, for as long as the work takes.
 */
export async function onFreePort<T>(
  home: Pick<RunHome, 'keeper'>,
  agent: string,
  work: (port: number) => Promise<T>,
): Promise<T> {
  const leases = home.keeper({ waitMs: 0 });
  for (let port = FIRST_PORT; port <= LAST_PORT; port += 1) {
    if (!(await isPortFree(port))) continue;
    const wish = { agent, resources: [`port:${port}`], purpose: 'tests' };
    const held = await leases.hold(wish, () => work(port));
    if (held.kind === 'done') return held.value;
  }
  throw new SquadError({
    code: 'RESOURCE_EXHAUSTED',
    message: `no port from ${FIRST_PORT} to ${LAST_PORT} is free`,
    hint: 'see: squad-lock list',
  });
}

function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
