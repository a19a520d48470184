import { readdirSync } from 'node:fs';
import type { JsonSchema, Schema } from '#protocol';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RECORD_SCHEMAS, renderSchema } from '../support/record-schemas.ts';

const folder = new URL('../../schemas/', import.meta.url);

describe.each(Object.entries(RECORD_SCHEMAS))('%s', (name, record) => {
  const { schema } = record;
  test('the published file is what the decoder says (npm run schemas)', async () => {
    await expect(renderSchema(name, record)).toMatchFileSnapshot(`../../schemas/${name}.schema.json`);
  });

  test('the decoder and the schema accept the same values', () => {
    const validate = new Ajv2020({ strict: false }).compile(
      JSON.parse(JSON.stringify(schema.json)) as object,
    );
    let accepted = 0;
    fc.assert(
      fc.property(nearly(schema), (value) => {
        const decoded = schema.decode(value);
        accepted += decoded.ok ? 1 : 0;
        expect({ value, accepts: decoded.ok }).toEqual({ value, accepts: validate(value) });
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(20);
  });
});

test('every schema file belongs to a record and every record has its file', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.schema.json'));
  expect(files.toSorted()).toEqual(
    Object.keys(RECORD_SCHEMAS)
      .map((name) => `${name}.schema.json`)
      .toSorted(),
  );
});

test('a decoded record keeps fields that this version does not know', () => {
  const event = {
    v: 1,
    at: '2026-11-20T11:00:00.000Z',
    id: 'A',
    kind: 'lock.acquired',
    agent: 'a',
    later: { x: 1 },
  };
  expect(RECORD_SCHEMAS['journal-event']?.schema.decode(event)).toEqual({ ok: true, value: event });
});

// Values that fit the schema, each with a small chance of being damaged anywhere.
function nearly(schema: Schema<unknown>): fc.Arbitrary<unknown> {
  const damage = fc.oneof(
    fc.constant(null),
    fc.integer(),
    fc.string(),
    fc.constant([]),
    fc.constant({}),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  const fitting = (json: JsonSchema): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 40, arbitrary: exact(json) }, { weight: 1, arbitrary: damage });
  const exact = (json: JsonSchema): fc.Arbitrary<unknown> => {
    if (Array.isArray(json['enum'])) return fc.constantFrom(...(json['enum'] as unknown[]));
    const alternatives = (json['anyOf'] ?? json['oneOf']) as JsonSchema[] | undefined;
    if (alternatives !== undefined) return fc.oneof(...alternatives.map(fitting));
    if (json['type'] === 'string') {
      const pattern = json['pattern'] as string | undefined;
      return pattern === undefined ? fc.string() : fc.stringMatching(new RegExp(pattern, 'u'));
    }
    if (json['type'] === 'integer')
      return fc.integer({ min: Number(json['minimum'] ?? -5), max: Number(json['maximum'] ?? 50) });
    if (json['type'] === 'number')
      return fc.double({
        min: Number(json['minimum'] ?? -5),
        max: Number(json['maximum'] ?? 50),
        noNaN: true,
      });
    if (json['type'] === 'boolean') return fc.boolean();
    if (json['type'] === 'array') return fc.array(fitting(json['items'] as JsonSchema), { maxLength: 3 });
    if (json['type'] === 'object' && json['properties'] !== undefined) {
      const required = new Set((json['required'] ?? []) as string[]);
      const properties = Object.entries(json['properties'] as Record<string, JsonSchema>);
      const shape = Object.fromEntries(properties.map(([key, value]) => [key, fitting(value)]));
      const requiredKeys = [...required];
      return fc.record(shape, { requiredKeys });
    }
    if (json['type'] === 'object')
      return fc.dictionary(
        fc.stringMatching(/^[a-z/]{1,6}$/u),
        fitting(json['additionalProperties'] as JsonSchema),
        { maxKeys: 3 },
      );
    return fc.jsonValue();
  };
  return fitting(schema.json);
}
