import { basename, join } from 'node:path';
import { parseInstant } from '#protocol';
import type { Protocol } from '../log/protocol.ts';
import { kindOfResource, resourcePath } from '../model/resource.ts';
import type { Desk } from './desk.ts';
import { VIEW_HEADER, viewName } from './view-file.ts';

/** A single-file lock of another tool. */
export interface LegacyLock {
  readonly resource: string;
  readonly file: string;
  readonly owner: string;
  readonly lockedAt: number;
  readonly purpose?: string;
}

/** How long such a lock lasts, since it does not say. */
export const LEGACY_TTL_MS = 1_800_000;

/**
 * The locks of other tools on these resources. Such tools name the file after the path, with `-`, `_`, `__` or `~` for
 * `/`, or after the base name alone; the latter may mean a file of the same name elsewhere, and is honoured all the same.
 */
export function* findLegacyLocks(
  desk: Desk,
  resources: readonly string[],
  now: number,
): Protocol<LegacyLock[]> {
  const found: LegacyLock[] = [];
  for (const resource of resources) {
    for (const file of candidates(resource)) {
      const { code, text } = yield { kind: 'read', path: join(desk.place.views, file) };
      const lock = code === '' ? parseLegacy(text ?? '', { resource, file, now }) : undefined;
      if (lock !== undefined) found.push(lock);
    }
  }
  return found;
}

function candidates(resource: string): string[] {
  const path = resourcePath(resource);
  if (path === undefined || kindOfResource(resource) !== 'file') return [];
  const names = ['-', '_', '__', '~'].map((mark) => `${path.replaceAll('/', mark)}.lock`);
  return [...new Set([`${basename(path)}.lock`, ...names, viewName(resource)])].filter(
    (name) => name.length < 250,
  );
}

function parseLegacy(
  text: string,
  from: { readonly resource: string; readonly file: string; readonly now: number },
): LegacyLock | undefined {
  if (text.startsWith(VIEW_HEADER)) return undefined;
  const field = (key: string): string | undefined =>
    new RegExp(`^\\s*${key}:[ \\t]*(.*?)\\s*$`, 'imu').exec(text.slice(0, 4096))?.[1];
  const owner = field('LOCKED_BY')
    ?.replace(/[^A-Za-z0-9._-]+/gu, '-')
    .slice(0, 64);
  if (owner === undefined || owner === '') return undefined;
  const lockedAt = parseInstant(field('LOCKED_AT') ?? '') ?? from.now;
  const purpose = field('PURPOSE');
  const { resource, file } = from;
  return { resource, file, owner, lockedAt, ...(purpose === undefined || purpose === '' ? {} : { purpose }) };
}
