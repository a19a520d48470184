import { areaNamed, areaOfPath, type Area } from '../read/area.ts';

/** A folder that CODEOWNERS gives to someone whose name is an area's. */
export interface OwnedFolder {
  readonly folder: string;
  readonly area: Area;
  readonly why: string;
}

/** Folders by area from CODEOWNERS lines whose owner (`@org/frontend-team`) or path says which area it is. */
export function ownedFolders(text: string): readonly OwnedFolder[] {
  return text.split('\n').flatMap((line) => {
    const [pattern = '', ...owners] = line.replace(/#.*$/u, '').trim().split(/\s+/u);
    if (!/^\/?[\w.-]+(?:\/[\w.-]+)*\/?(?:\*{1,2})?$/u.test(pattern) || owners.length === 0 || pattern === '*')
      return [];
    const folder = `${pattern.replace(/^\/|\/?\*{0,2}$/gu, '')}/`;
    const named = owners.map(areaOfOwner).find((area) => area !== undefined) ?? areaOfPath(folder);
    return named === undefined || folder === '/'
      ? []
      : [{ folder, area: named, why: `CODEOWNERS gives ${folder} to ${owners.join(' ')}` }];
  });
}

function areaOfOwner(owner: string): Area | undefined {
  const name = owner
    .replace(/^@(?:[^/]+\/)?/u, '')
    .replace(/-?(?:team|devs?|engineers?|owners|guild|squad)$/iu, '');
  return (
    areaNamed(name) ??
    name
      .split(/[-_]/u)
      .map(areaNamed)
      .find((area) => area !== undefined)
  );
}
