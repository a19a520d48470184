import { parseJsonc, valueOf } from '../init/clients/jsonc-tree.ts';

/** The command of the pre-tool hook, wherever a client's settings or hooks file put it. */
export function guardCommand(text: string): string | undefined {
  const parsed = parseJsonc(text);
  if (!parsed.ok) return undefined;
  const open: unknown[] = [valueOf(parsed.value)];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if ('command' in value && typeof value.command === 'string' && ASKS.test(value.command))
      return value.command;
    open.push(...Object.values(value));
  }
  return undefined;
}

const ASKS = /\bguard(?:\.cjs")? pre-tool\b/u;
