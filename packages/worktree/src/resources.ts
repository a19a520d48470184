import { tmpdir } from 'node:os';
import { createServer } from 'node:net';
import { basename, isAbsolute, join } from 'node:path';
import { SquadError } from '#protocol';
import type { WorktreeRecord } from './record.ts';
import { recordsFolder } from './records.ts';
import type { WorktreeWorld } from './world.ts';

const TEMPORARY = 'dotsquad-';

/**
 * Holds for one worktree a port of each configured range, a database name per purpose and a temporary folder, and
 * returns them as environment. A port is held by a file that exactly one process can make, for as long as the
 * worktree exists, and leased as `port:<number>` so that others see it; one that something listens on or that somebody
 * leased is passed over.
 */
export async function holdResources(
  world: WorktreeWorld,
  name: string,
): Promise<Readonly<Record<string, string>>> {
  const env: Record<string, string> = { SQUAD_WORKTREE: name };
  for (const [service, range] of Object.entries(world.settings.ports)) {
    env[`SQUAD_PORT_${variable(service)}`] = String(await holdPort(world, name, { service, range }));
  }
  for (const [purpose, form] of Object.entries(world.settings.databases)) {
    env[`SQUAD_DB_${variable(purpose)}`] = form.replaceAll('{name}', variable(name).toLowerCase());
  }
  const repository = basename(world.home.mainRoot).replace(/\W+/gu, '-');
  const temporary = join(
    tmpdir(),
    `${TEMPORARY}${repository}-${name}-${world.newId().slice(-8).toLowerCase()}`,
  );
  world.store.makeFolder(temporary);
  return { ...env, SQUAD_TMPDIR: temporary };
}

/**
 * Gives back every port held for a worktree, also for one whose record is gone, and deletes its temporary folder with
 * what its programs left there; a folder whose name is not of our making stays.
 */
export function freeResources(
  world: WorktreeWorld,
  { name, env }: Pick<WorktreeRecord, 'name' | 'env'>,
): void {
  const temporary = env['SQUAD_TMPDIR'];
  if (temporary !== undefined && isOurs(temporary, name)) world.store.removeFolder(temporary);
  for (const { port, holder } of heldPorts(world)) {
    if (holder !== name) continue;
    world.leases?.free(`port:${port}`, name);
    world.store.removeFile(portPath(world, port));
  }
}

// A record is a file that anybody may have written: it must not name what is deleted.
function isOurs(folder: string, name: string): boolean {
  const own = basename(folder);
  return isAbsolute(folder) && own.startsWith(TEMPORARY) && own.slice(0, -8).endsWith(`-${name}-`);
}

/** Every held port and the worktree it is held for. */
export function heldPorts({ store, home }: WorktreeWorld): readonly { port: number; holder: string }[] {
  const folder = portsFolder(home.squadDir);
  return store
    .list(folder)
    .filter((file) => /^\d+$/u.test(file))
    .map((file) => ({ port: Number(file), holder: (store.readText(join(folder, file)) ?? '').trim() }));
}

async function holdPort(
  world: WorktreeWorld,
  name: string,
  want: { service: string; range: string },
): Promise<number> {
  const bounds = /^(\d{1,5})(?:-(\d{1,5}))?$/u.exec(want.range.trim());
  const first = Number(bounds?.[1]);
  const last = Number(bounds?.[2] ?? bounds?.[1]);
  if (bounds === null || first < 1 || last > 65_535 || last < first) {
    throw new SquadError({
      code: 'INPUT_INVALID',
      message: `worktree.ports.${want.service}: "${want.range}" is no port range`,
      hint: 'write it as 4000-4099 in .squad/config.yaml',
    });
  }
  for (let port = first; port <= last; port += 1) {
    if (world.store.stat(portPath(world, port)) !== undefined || !(await isPortFree(port))) continue;
    if (!world.store.createExclusive(portPath(world, port), `${name}\n`)) continue;
    if (world.leases === undefined || world.leases.take(`port:${port}`, name)) return port;
    world.store.removeFile(portPath(world, port));
  }
  throw new SquadError({
    code: 'RESOURCE_EXHAUSTED',
    message: `no port of ${want.range} is free for ${want.service}`,
    hint: 'widen worktree.ports in .squad/config.yaml, or free some: squad-worktree prune',
  });
}

function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

function portsFolder(squadDir: string): string {
  return join(recordsFolder(squadDir), 'ports');
}

function portPath({ home }: WorktreeWorld, port: number): string {
  return join(portsFolder(home.squadDir), String(port));
}

function variable(text: string): string {
  return text.replace(/\W+/gu, '_').toUpperCase();
}
