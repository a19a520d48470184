/** A JSON object of a stream, or one inside it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The object on a line, or `undefined` for anything else: clients mix warnings into their streams. */
export function parseJsonLine(line: string): JsonObject | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    return objectIn(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** The value if it is an object. */
export function objectIn(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** Objects of a list; empty for anything else. */
export function objectsIn(value: unknown): readonly JsonObject[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.map(objectIn).filter((item) => item !== undefined);
}

/** The value if it is a string with something in it. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The value if it is a finite number, else 0. */
export function numberIn(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
