import type { Diagnostic, Range } from '#protocol';

/** Where an object of JSON stands. */
export interface JsonPlace {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
}

/** Parsed JSON, and where each of its objects stands. */
export interface JsonSource {
  readonly value: unknown;
  readonly placeOf: (object: unknown) => JsonPlace;
}

const MAX_DEPTH = 500;

/** Reads JSON and remembers where its objects stand; the problem with its place when it is none. */
export function parseJson(
  text: string,
  path: string,
): { ok: true; value: JsonSource } | { ok: false; error: Diagnostic } {
  const reader = new JsonReader(text);
  try {
    const value = reader.document();
    return { ok: true, value: { value, placeOf: (object) => reader.placeOf(object) } };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {
      ok: false,
      error: { severity: 'error', code: 'JSON_INVALID', message: error.message, path, range: reader.range() },
    };
  }
}

// JSON.parse knows no positions, and its order of keys is not the text's when they are numbers.
class JsonReader {
  private readonly text: string;
  private at = 0;
  private depth = 0;
  private line = 1;
  private lineStart = 0;
  private readonly places = new WeakMap<object, JsonPlace>();

  constructor(text: string) {
    this.text = text;
  }

  document(): unknown {
    const value = this.value();
    this.space();
    if (this.at < this.text.length) this.fail('nothing more');
    return value;
  }

  placeOf(object: unknown): JsonPlace {
    const place = typeof object === 'object' && object !== null ? this.places.get(object) : undefined;
    return place ?? { line: 1, column: 1, endLine: 1 };
  }

  range(): Range {
    const start = { line: this.line, column: this.at - this.lineStart + 1 };
    return { start, end: { line: start.line, column: start.column + 1 } };
  }

  private value(): unknown {
    this.space();
    const character = this.text.charAt(this.at);
    if (character === '{') return this.nested(() => this.object());
    if (character === '[') return this.nested(() => this.array());
    if (character === '"') return this.string();
    return this.word();
  }

  private nested<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) this.fail(`at most ${MAX_DEPTH} levels`);
    const value = read();
    this.depth -= 1;
    return value;
  }

  private object(): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    const { line } = this;
    const column = this.at - this.lineStart + 1;
    this.at += 1;
    this.space();
    while (this.text.charAt(this.at) !== '}') {
      this.space();
      if (this.text.charAt(this.at) !== '"') this.fail('a key in quotes');
      const key = this.string();
      this.space();
      this.expect(':');
      entries.push([key, this.value()]);
      this.separator('}');
    }
    this.at += 1;
    const object = Object.fromEntries(entries);
    this.places.set(object, { line, column, endLine: this.line });
    return object;
  }

  private array(): unknown[] {
    const values: unknown[] = [];
    this.at += 1;
    this.space();
    while (this.text.charAt(this.at) !== ']') {
      values.push(this.value());
      this.separator(']');
    }
    this.at += 1;
    return values;
  }

  private separator(close: string): void {
    this.space();
    if (this.text.charAt(this.at) === close) return;
    this.expect(',');
    this.space();
    if (this.text.charAt(this.at) === close) this.fail('a value after the comma');
  }

  private string(): string {
    const start = this.at;
    for (this.at += 1; this.at < this.text.length; this.at += 1) {
      const character = this.text.charAt(this.at);
      if (character === '\\') this.at += 1;
      else if (character === '"') {
        this.at += 1;
        return this.native(start) as string;
      } else if (character === '\n') this.fail('the end of the text in quotes');
    }
    return this.fail('the end of the text in quotes');
  }

  private word(): unknown {
    const start = this.at;
    while (/[\w.+-]/u.test(this.text.charAt(this.at))) this.at += 1;
    if (this.at === start) this.fail('a value');
    return this.native(start);
  }

  private native(start: number): unknown {
    try {
      return JSON.parse(this.text.slice(start, this.at));
    } catch {
      this.at = start;
      return this.fail('a value');
    }
  }

  private expect(character: string): void {
    if (this.text.charAt(this.at) !== character) this.fail(`"${character}"`);
    this.at += 1;
  }

  private space(): void {
    for (; this.at < this.text.length; this.at += 1) {
      const code = this.text.charCodeAt(this.at);
      if (code === 10) {
        this.line += 1;
        this.lineStart = this.at + 1;
      } else if (code !== 32 && code !== 9 && code !== 13) return;
    }
  }

  private fail(expected: string): never {
    const found = this.at >= this.text.length ? 'the end' : `"${this.text.slice(this.at, this.at + 12)}"`;
    throw new SyntaxError(`expected ${expected}, found ${found}`);
  }
}
