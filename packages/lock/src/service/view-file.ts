import { consistsOf, isNameUnit, oneLine, renderInstant } from '#protocol';
import { hashText } from '#store';
import type { Lease } from '../model/lease.ts';
import { displayResource } from '../model/resource.ts';

const MAX_NAME = 180;

/**
 * File name of a resource's view: the resource with `~` for `/` and every other unsafe byte as `%hex`. Different resources
 * have different names; one too long for a file system ends in a hash instead.
 */
export function viewName(resource: string): string {
  const safe = consistsOf(resource, isSafe)
    ? resource
    : resource.replace(/[^A-Za-z0-9._/:@+-]/gu, escapeCharacter);
  const shown = safe.startsWith('.') ? `%2E${safe.slice(1)}` : safe;
  const escaped = shown.replaceAll(':', '%3A').replaceAll('/', '~');
  if (escaped.length <= MAX_NAME) return `${escaped}.lock`;
  const hash = hashText(resource).slice('sha256:'.length, 'sha256:'.length + 16);
  return `${escaped.slice(0, MAX_NAME - 20)}%..${hash}.lock`;
}

function isSafe(unit: number): boolean {
  return isNameUnit(unit) || '/:@+'.includes(String.fromCharCode(unit));
}

function escapeCharacter(character: string): string {
  return Array.from(
    Buffer.from(character, 'utf8'),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}

/** First line of every view that this program writes; what lacks it was written by somebody else. */
export const VIEW_HEADER = '# A lease, shown for people. To give it up by force, delete this file.';

/** What stands in a view: one `KEY: value` a line, also readable by tools that know single-file locks. */
export function renderView(leases: readonly Lease[]): string {
  const blocks = leases.map((lease) =>
    [
      `RESOURCE: ${displayResource(lease.resource)}`,
      `LOCKED_BY: ${lease.agent}${lease.reserved === true ? ' (reserved, not yet taken)' : ''}`,
      `LOCKED_AT: ${renderInstant(lease.since.wallMs)}`,
      `EXPIRES_AT: ${renderInstant(lease.ends.wallMs)}`,
      `MODE: ${lease.mode}`,
      `TOKEN: ${lease.token}`,
      ...(lease.purpose === undefined ? [] : [`PURPOSE: ${oneLine(lease.purpose)}`]),
      ...(lease.handoffTo === undefined ? [] : [`HANDOFF_TO: ${lease.handoffTo}`]),
    ].join('\n'),
  );
  return `${VIEW_HEADER}\n${blocks.join('\n\n')}\n`;
}
