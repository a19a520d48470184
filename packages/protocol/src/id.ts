/** Makes ids: random, sortable by time of making, safe in file names. */
export type IdSource = () => string;

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A ULID source (https://github.com/ulid/spec): 48 bits of milliseconds and 80 random bits in Crockford base 32.
 * Not monotonic within one millisecond.
 */
export function createIdSource(wallMs: () => number, randomBytes: (size: number) => Uint8Array): IdSource {
  return () => renderTime(wallMs()) + renderRandom(randomBytes(16));
}

function renderTime(wallMs: number): string {
  let rest = Math.max(0, Math.floor(wallMs));
  let text = '';
  for (let place = 0; place < 10; place += 1) {
    text = (ALPHABET[rest % 32] ?? '0') + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function renderRandom(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += ALPHABET[byte % 32] ?? '0';
  return text;
}
