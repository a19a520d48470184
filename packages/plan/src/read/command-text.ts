const RUNNABLE =
  /^(?:npm|npx|pnpm|yarn|bun|node|make|just|pytest|python3?|uv|go|cargo|gradle|\.\/gradlew|mvn|dotnet|rake|bundle|composer|phpunit|deno|tsc|vitest|jest|bash|sh|\.\/scripts)\b/u;

/** The shell commands in code spans of a text, such as `` `npm test` passes ``; prose is no command. */
export function commandsIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]{2,300})`/gu)].flatMap(([, quoted = '']) =>
    RUNNABLE.test(quoted) ? [quoted] : [],
  );
}

/** The text as a command when it is one, with or without a code span. */
export function commandOf(text: string): string | undefined {
  return commandsIn(text)[0] ?? (RUNNABLE.test(text.trim()) ? text.trim() : undefined);
}
