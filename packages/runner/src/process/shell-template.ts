/**
 * Fills `{name}` placeholders of a shell command so that each value stays one word (or part of one), also where the
 * person wrote the placeholder inside quotes. Unknown placeholders stay as they are, because `{}` has meanings in shells.
 */
export function fillShellTemplate(template: string, values: Readonly<Record<string, string>>): string {
  let quote: 'none' | 'single' | 'double' = 'none';
  let filled = '';
  for (let index = 0; index < template.length; index += 1) {
    const char = template[index] ?? '';
    const name = char === '{' ? /^\{([a-z][a-z_]*)\}/u.exec(template.slice(index))?.[1] : undefined;
    const value = name !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
    if (name !== undefined && value !== undefined) {
      filled += within(quote, value);
      index += name.length + 1;
      continue;
    }
    filled += char;
    if (char === '\\' && quote !== 'single') {
      filled += template[index + 1] ?? '';
      index += 1;
    } else if (char === "'" && quote !== 'double') quote = quote === 'single' ? 'none' : 'single';
    else if (char === '"' && quote !== 'single') quote = quote === 'double' ? 'none' : 'double';
  }
  return filled;
}

function within(quote: 'none' | 'single' | 'double', value: string): string {
  const escaped = value.replaceAll("'", `'\\''`);
  if (quote === 'single') return escaped;
  return quote === 'double' ? `"'${escaped}'"` : `'${escaped}'`;
}

/** Placeholders of the template, each once. */
export function placeholdersOf(template: string): readonly string[] {
  return [...new Set([...template.matchAll(/\{([a-z][a-z_]*)\}/gu)].map(([, name = '']) => name))];
}
