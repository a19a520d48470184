import { err, ok, type Result } from './result.ts';

/** A JSON Schema document (draft 2020-12), as far as records need it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** What did not fit, and where: `tasks[0].id`. */
export interface Misfit {
  readonly at: string;
  readonly expected: string;
  readonly actual: string;
}

/**
 * One definition that serves as type, decoder and JSON Schema. Decoding keeps unknown fields. What a decoder needs is made
 * when it first decodes, the JSON Schema when it is asked for: most programs define many records and read one or two.
 */
export interface Schema<T> {
  readonly decode: (value: unknown, at?: string) => Result<T, readonly Misfit[]>;
  readonly json: JsonSchema;
}

/** A property that may be absent. */
export interface OptionalSchema<T> extends Schema<T> {
  readonly optional: true;
}

type AnySchema = Schema<unknown> & { readonly optional?: true };

type Properties<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? OptionalSchema<Exclude<T[K], undefined>> : Schema<T[K]>;
};

function misfit(at: string, expected: string, value: unknown): { ok: false; error: readonly Misfit[] } {
  return err([{ at: at === '' ? '(document)' : at, expected, actual: nameOf(value) }]);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** A string, optionally of a pattern (a regular expression's source, valid with the `u` flag). */
export function string<T extends string = string>(
  rule: { readonly pattern?: string; readonly maxLength?: number; readonly expected?: string } = {},
): Schema<T> {
  const expected = rule.expected ?? 'a string';
  let pattern: RegExp | undefined;
  return {
    get json() {
      return {
        type: 'string',
        ...(rule.pattern === undefined ? {} : { pattern: rule.pattern }),
        ...(rule.maxLength === undefined ? {} : { maxLength: rule.maxLength }),
      };
    },
    decode(value, at = '') {
      if (rule.pattern !== undefined) pattern ??= new RegExp(rule.pattern, 'u');
      const fits =
        typeof value === 'string' &&
        (pattern?.test(value) ?? true) &&
        (rule.maxLength === undefined || Array.from(value).length <= rule.maxLength);
      return fits ? ok(value as T) : misfit(at, expected, value);
    },
  };
}

/** A finite number, optionally whole and within bounds. */
export function number(
  rule: { readonly integer?: boolean; readonly min?: number; readonly max?: number } = {},
): Schema<number> {
  const { integer = false, min, max } = rule;
  return {
    get json() {
      return {
        type: integer ? 'integer' : 'number',
        ...(min === undefined ? {} : { minimum: min }),
        ...(max === undefined ? {} : { maximum: max }),
      };
    },
    decode(value, at = '') {
      const fits =
        typeof value === 'number' &&
        Number.isFinite(value) &&
        (!integer || Number.isInteger(value)) &&
        (min === undefined || value >= min) &&
        (max === undefined || value <= max);
      return fits ? ok(value) : misfit(at, kindOfNumber(rule), value);
    },
  };
}

function kindOfNumber({ integer, min, max }: { integer?: boolean; min?: number; max?: number }): string {
  const bounds = [min === undefined ? '' : ` from ${min}`, max === undefined ? '' : ` up to ${max}`].join('');
  return `${integer === true ? 'a whole number' : 'a number'}${bounds}`;
}

/** `true` or `false`. */
export function boolean(): Schema<boolean> {
  return {
    json: { type: 'boolean' },
    decode: (value, at = '') => (typeof value === 'boolean' ? ok(value) : misfit(at, 'true or false', value)),
  };
}

/** One of the given strings or numbers. */
export function literal<const T extends string | number>(...values: readonly T[]): Schema<T> {
  return {
    json: { enum: values },
    decode(value, at = '') {
      const found = values.find((candidate) => candidate === value);
      if (found !== undefined) return ok(found);
      return misfit(at, values.map((candidate) => JSON.stringify(candidate)).join(' | '), value);
    },
  };
}

/** Any JSON value. */
export function anything(): Schema<unknown> {
  return { json: {}, decode: (value) => ok(value) };
}

/** A list. */
export function array<T>(item: Schema<T>): Schema<readonly T[]> {
  return {
    get json() {
      return { type: 'array', items: item.json };
    },
    decode(value, at = '') {
      if (!Array.isArray(value)) return misfit(at, 'a list', value);
      const decoded = value.map((element: unknown, index) => item.decode(element, `${at}[${index}]`));
      const problems = decoded.flatMap((result) => (result.ok ? [] : result.error));
      return problems.length > 0
        ? err(problems)
        : ok(decoded.flatMap((result) => (result.ok ? [result.value] : [])));
    },
  };
}

/** An object used as a map from any key. */
export function record<T>(item: Schema<T>): Schema<Readonly<Record<string, T>>> {
  return {
    get json() {
      return { type: 'object', additionalProperties: item.json };
    },
    decode(value, at = '') {
      if (!isObject(value)) return misfit(at, 'an object', value);
      const problems: Misfit[] = [];
      const entries: [string, T][] = [];
      for (const [key, element] of Object.entries(value)) {
        const decoded = item.decode(element, at === '' ? key : `${at}.${key}`);
        if (decoded.ok) entries.push([key, decoded.value]);
        else problems.push(...decoded.error);
      }
      return problems.length > 0 ? err(problems) : ok(Object.fromEntries(entries));
    },
  };
}

/** A property that may be absent (but not `null`). */
export function optional<T>(schema: Schema<T>): OptionalSchema<T> {
  return {
    get json() {
      return schema.json;
    },
    decode: schema.decode,
    optional: true,
  };
}

/** The schema, or `null`. */
export function nullable<T>(schema: Schema<T>): Schema<T | null> {
  return {
    get json() {
      return { anyOf: [schema.json, { type: 'null' }] };
    },
    decode: (value, at) => (value === null ? ok(null) : schema.decode(value, at)),
  };
}

/** An object with these properties; others are kept as they are. */
export function object<T>(properties: Properties<T>): Schema<T> {
  let known: readonly [string, AnySchema][] | undefined;
  const entriesOf = (): readonly [string, AnySchema][] => (known ??= Object.entries<AnySchema>(properties));
  return {
    get json() {
      const entries = entriesOf();
      const required = entries.filter(([, schema]) => schema.optional !== true).map(([key]) => key);
      return {
        type: 'object',
        properties: Object.fromEntries(entries.map(([key, schema]) => [key, schema.json])),
        ...(required.length > 0 ? { required } : {}),
      };
    },
    decode(value, at = '') {
      if (!isObject(value)) return misfit(at, 'an object', value);
      const problems: Misfit[] = [];
      const result: Record<string, unknown> = { ...value };
      for (const [key, schema] of entriesOf()) {
        if (!Object.hasOwn(value, key) && schema.optional === true) continue;
        const decoded = schema.decode(value[key], at === '' ? key : `${at}.${key}`);
        if (decoded.ok) result[key] = decoded.value;
        else problems.push(...decoded.error);
      }
      return problems.length > 0 ? err(problems) : ok(result as T);
    },
  };
}

/** A union told apart by the value of one property. */
export function tagged<T>(
  tag: keyof T & string,
  variants: { readonly [value: string]: Schema<T> },
): Schema<T> {
  return {
    get json() {
      return { oneOf: Object.values(variants).map((variant) => variant.json) };
    },
    decode(value, at = '') {
      if (!isObject(value)) return misfit(at, 'an object', value);
      const name = value[tag];
      const variant = typeof name === 'string' && Object.hasOwn(variants, name) ? variants[name] : undefined;
      if (variant !== undefined) return variant.decode(value, at);
      const expected = Object.keys(variants).map((candidate) => JSON.stringify(candidate));
      return misfit(at === '' ? tag : `${at}.${tag}`, expected.join(' | '), name);
    },
  };
}

/** A schema that is made when it is first used: defining a record of many fields costs a fast program's start 0.04 ms. */
export function later<T>(make: () => Schema<T>): Schema<T> {
  let made: Schema<T> | undefined;
  const schema = (): Schema<T> => (made ??= make());
  return {
    get json() {
      return schema().json;
    },
    decode: (value, at) => schema().decode(value, at),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
