// One character of a name, or any number of them.
type Piece = 'any' | ((char: string) => boolean);

/**
 * A test for a pattern as `fnmatch` reads it without regard for slashes (`find -path`, `unzip`, pathspecs of git); `undefined`
 * for one that is no such pattern. Takes at most as many steps as pattern times name.
 */
export function namePattern(pattern: string, foldsCase: boolean): ((name: string) => boolean) | undefined {
  const fold = (text: string): string => (foldsCase ? text.toLowerCase() : text);
  const pieces = readPieces(fold(pattern));
  return pieces === undefined ? undefined : (name) => matches(pieces, fold(name));
}

function readPieces(pattern: string): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char === '*') pieces.push('any');
    else if (char === '?') pieces.push(() => true);
    else if (char === '[') {
      const [all, not, inner] = /^\[([!^]?)(\]?[^\]\\[]*)\]/u.exec(pattern.slice(at)) ?? [];
      if (all === undefined || inner === undefined) return undefined;
      pieces.push(oneOf(inner, not !== ''));
      at += all.length - 1;
    } else {
      if (char === '\\') at += 1;
      const literal = pattern.charAt(at);
      pieces.push((other) => other === literal);
    }
  }
  return pieces;
}

function oneOf(inner: string, isNegated: boolean): (char: string) => boolean {
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < inner.length; at += 1) {
    const isRange = inner.charAt(at + 1) === '-' && at + 2 < inner.length;
    ranges.push([inner.charAt(at), inner.charAt(isRange ? at + 2 : at)]);
    if (isRange) at += 2;
  }
  return (char) => ranges.some(([from, to]) => char >= from && char <= to) !== isNegated;
}

// What the last star took is lengthened by one whenever the rest does not fit.
function matches(pieces: readonly Piece[], name: string): boolean {
  let [at, piece, star, starAt] = [0, 0, -1, 0];
  while (at < name.length) {
    const wanted = pieces[piece];
    if (wanted === 'any') {
      star = piece;
      starAt = at;
      piece += 1;
    } else if (wanted?.(name.charAt(at)) === true) {
      at += 1;
      piece += 1;
    } else if (star !== -1) {
      starAt += 1;
      at = starAt;
      piece = star + 1;
    } else return false;
  }
  return pieces.slice(piece).every((rest) => rest === 'any');
}
