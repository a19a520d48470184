const MAX_STARS = 8;

/**
 * A test for a pattern as `fnmatch` reads it without regard for slashes (`find -path`, `unzip`, `tar --wildcards`); `undefined`
 * for one that is no such pattern or would be dear to match.
 */
export function namePattern(pattern: string, foldsCase: boolean): ((name: string) => boolean) | undefined {
  let source = '';
  let stars = 0;
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char === '*') {
      stars += 1;
      source += '.*';
    } else if (char === '?') source += '.';
    else if (char === '[') {
      const [all, not, inner] = /^\[([!^]?)(\]?[^\]\\[]*)\]/u.exec(pattern.slice(at)) ?? [];
      if (all === undefined || inner === undefined) return undefined;
      source += `[${not === '' ? '' : '^'}${inner.replace(/[\]^]/gu, '\\$&')}]`;
      at += all.length - 1;
    } else {
      const literal = char === '\\' ? pattern.charAt((at += 1)) : char;
      source += literal.replace(/[$()*+./?[\\\]^{|}-]/gu, '\\$&');
    }
  }
  if (stars > MAX_STARS) return undefined;
  const expression = compile(`^${source}$`, foldsCase ? 'ius' : 'us');
  return expression === undefined ? undefined : (name) => expression.test(name);
}

function compile(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}
