import { areaOfPath, type Area } from '../read/area.ts';
import type { OwnedFolder } from './code-owners.ts';
import type { FileIndex } from './evidence.ts';

const USUAL: Readonly<Record<Area, readonly string[]>> = {
  frontend: [
    'frontend/',
    'apps/web/',
    'web/',
    'client/',
    'ui/',
    'src/frontend/',
    'src/client/',
    'src/components/',
    'app/',
  ],
  backend: ['backend/', 'apps/api/', 'server/', 'api/', 'src/backend/', 'src/server/', 'src/api/', 'src/'],
  ml: ['ml/', 'models/', 'src/ml/', 'training/'],
  db: ['db/', 'database/', 'prisma/', 'migrations/', 'src/db/', 'backend/'],
  infra: ['infra/', 'deploy/', '.github/', 'docker/'],
  tests: ['tests/', 'test/', 'e2e/', '__tests__/'],
  docs: ['docs/', 'doc/'],
  shared: ['shared/', 'packages/shared/', 'common/', 'src/shared/', 'src/types/', 'types/'],
};

/** A folder and why it is an area's. */
export interface AreaFolder {
  readonly folder: string;
  readonly why: string;
}

/**
 * Folder in which an area's work is thought to happen: the one CODEOWNERS names, a usual one that exists, else the folder most of
 * its files are in, else the usual one.
 */
export function createAreaFolders(
  index: FileIndex,
  owned: readonly OwnedFolder[],
): (area: Area) => AreaFolder {
  const known = new Map<Area, AreaFolder>();
  return (area) => {
    const cached = known.get(area);
    if (cached !== undefined) return cached;
    const folder = chooseFolder(area, index, owned);
    known.set(area, folder);
    return folder;
  };
}

function chooseFolder(area: Area, index: FileIndex, owned: readonly OwnedFolder[]): AreaFolder {
  const given = owned.find((one) => one.area === area && index.folders.has(one.folder));
  if (given !== undefined) return given;
  const existing = USUAL[area].find((usual) => index.folders.has(usual));
  if (existing !== undefined) return { folder: existing, why: `its folder is ${existing}` };
  const most = busiest(area, index);
  if (most !== undefined) return { folder: most, why: `most of its files are in ${most}` };
  const usual = USUAL[area][0] ?? `${area}/`;
  return { folder: usual, why: `its folder is usually called ${usual}` };
}

function busiest(area: Area, index: FileIndex): string | undefined {
  let [best, most] = [undefined as string | undefined, 0];
  for (const [folder, count] of index.folders) {
    if (folder.split('/').length > 3 || areaOfPath(folder) !== area) continue;
    if (count > most) [best, most] = [folder, count];
  }
  return best;
}
