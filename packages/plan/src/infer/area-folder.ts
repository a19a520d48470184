import { areaOfPath, type Area } from '../read/area.ts';
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

/** Folder in which an area's work is thought to happen: a usual one that exists, else the folder most of its files are in. */
export function createAreaFolders(index: FileIndex): (area: Area) => string {
  const known = new Map<Area, string>();
  return (area) => {
    const cached = known.get(area);
    if (cached !== undefined) return cached;
    const folder =
      USUAL[area].find((usual) => index.folders.has(usual)) ??
      busiest(area, index) ??
      USUAL[area][0] ??
      `${area}/`;
    known.set(area, folder);
    return folder;
  };
}

function busiest(area: Area, index: FileIndex): string | undefined {
  let [best, most] = [undefined as string | undefined, 0];
  for (const [folder, count] of index.folders) {
    if (folder.split('/').length > 3 || areaOfPath(folder) !== area) continue;
    if (count > most) [best, most] = [folder, count];
  }
  return best;
}
