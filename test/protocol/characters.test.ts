import {
  consistsOf,
  isAlphanumeric,
  isControl,
  isDigit,
  isNameUnit,
  parseAgentId,
  parseDuration,
} from '#protocol';
import { isPid } from '#store';
import fc from 'fast-check';
import { expect, test } from 'vitest';

// Each class and grammar that is read by its characters, as the regular expression that it stands for.
const CLASSES: readonly (readonly [string, (unit: number) => boolean, RegExp])[] = [
  ['isDigit', isDigit, /^\d*$/u],
  ['isAlphanumeric', isAlphanumeric, /^[A-Za-z0-9]*$/u],
  ['isNameUnit', isNameUnit, /^[A-Za-z0-9._-]*$/u],
  // oxlint-disable-next-line no-control-regex
  ['isControl', isControl, /^[\u0000-\u001f\u007f]*$/u],
];

test.each(CLASSES)(
  '%s is what its expression says of every character of the first 512',
  (_, isIn, expression) => {
    const characters = Array.from({ length: 512 }, (__, unit) => String.fromCharCode(unit));
    expect(characters.filter((character) => consistsOf(character, isIn))).toEqual(
      characters.filter((character) => expression.test(character)),
    );
  },
);

const LETTERS = ['a', 'Z', '0', '9', '.', '_', '-', '/', ' ', '\n', 'é', '\u{1f600}', 'm', 's', 'h', 'd'];
const near = fc.array(fc.constantFrom(...LETTERS), { maxLength: 70 }).map((parts) => parts.join(''));

const GRAMMARS: readonly (readonly [string, (text: string) => boolean, RegExp])[] = [
  [
    'an agent id',
    (text) => parseAgentId(text).ok,
    /^(?!.*\.\.)[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?$/u,
  ],
  ['a pid', isPid, /^[1-9]\d{0,9}$/u],
];

test.each(GRAMMARS)('%s is what its expression says', (_, accepts, expression) => {
  fc.assert(
    fc.property(near, (text) => {
      expect(accepts(text)).toBe(expression.test(text));
    }),
    { numRuns: 3000, seed: 5 },
  );
});

const PARTS = /^(?:\d+(?:\.\d+)?\s*(?:ms|s|m|h|d)\s*)+$/u;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7 };

test('a duration is the sum of its parts, up to ten years', () => {
  const piece = fc.tuple(fc.nat(9999), fc.constantFrom('', ' ', 'ms', 's', 'm ', ' h', 'd', '.', 'x'));
  const texts = fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.flat().join(''));
  fc.assert(
    fc.property(texts, (text) => {
      const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)/gu)];
      const ms = parts.reduce(
        (sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ''] ?? 0),
        0,
      );
      const fits = text.trim() === '0' || (PARTS.test(text.trim()) && ms <= 3650 * 8.64e7);
      const read = parseDuration(text);
      expect(read.ok ? read.value : undefined).toBe(fits ? Math.round(ms) : undefined);
    }),
    { numRuns: 5000, seed: 5 },
  );
});
