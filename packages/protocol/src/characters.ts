/**
 * Whether every UTF-16 unit of a text is in a class. For plain questions on the fast path: the first use of a regular
 * expression costs a program's start 0.03 ms and the second, for which V8 compiles it anew, 0.05; to walk a path costs 0.002.
 */
export function consistsOf(text: string, isIn: (unit: number) => boolean): boolean {
  for (let at = 0; at < text.length; at += 1) if (!isIn(text.charCodeAt(at))) return false;
  return true;
}

/** `0` to `9`. */
export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/** An ASCII letter or digit. */
export function isAlphanumeric(unit: number): boolean {
  return isDigit(unit) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a);
}

/** An ASCII letter or digit, `.`, `_` or `-`: what is harmless in a file name. */
export function isNameUnit(unit: number): boolean {
  return isAlphanumeric(unit) || unit === 0x2e || unit === 0x5f || unit === 0x2d;
}

/** A printable character of ASCII, the space among them. */
export function isVisible(unit: number): boolean {
  return unit >= 0x20 && unit < 0x7f;
}

/** A control character of ASCII. */
export function isControl(unit: number): boolean {
  return unit < 0x20 || unit === 0x7f;
}
