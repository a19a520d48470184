/** The dialects of `grep`. */
export type Dialect = 'basic' | 'extended' | 'fixed';

/**
 * The expression of a `grep`, where it means the same everywhere: plain characters, dots, anchors, and alternatives of them;
 * `undefined` for any other.
 */
export function plainExpression(pattern: string, dialect: Dialect, foldsCase: boolean): RegExp | undefined {
  const source = dialect === 'fixed' ? literal(pattern) : sourceOf(pattern, dialect);
  return source === undefined || pattern.includes('\n')
    ? undefined
    : new RegExp(source, foldsCase ? 'imu' : 'mu');
}

function literal(text: string): string {
  return text.replace(/[$()*+./?[\\\]^{|}-]/gu, String.raw`\$&`);
}

function sourceOf(pattern: string, dialect: 'basic' | 'extended'): string | undefined {
  const parts = dialect === 'extended' ? pattern.split('|') : [pattern];
  const plain =
    dialect === 'extended'
      ? /^\^?(?:[\w ,:;@%=~/<>"'#!&-]|\\?\.)+\$?$/u
      : /^\^?(?:[\w ,:;@%=~/<>"'#!&()+?{}|-]|\\?\.)+\$?$/u;
  if (!parts.every((part) => plain.test(part))) return undefined;
  return parts.map((part) => part.replace(/[/()+?{}|-]/gu, String.raw`\$&`)).join('|');
}
