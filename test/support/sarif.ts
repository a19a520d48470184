import { Ajv2020 } from 'ajv/dist/2020.js';

// What SARIF 2.1.0 (OASIS standard, https://docs.oasis-open.org/sarif/sarif/v2.1.0/) says of the objects that we write, each
// with the section it stands in. Closed, as in the standard: a property that it does not know is an error.
const closed = (properties: object, required: readonly string[] = []): object => ({
  type: 'object',
  properties: { ...properties, properties: { type: 'object' } },
  required,
  additionalProperties: false,
});
const text = { type: 'string', minLength: 1 };
const position = { type: 'integer', minimum: 1 };
const index = { type: 'integer', minimum: -1 };
// RFC 3986: what else may stand in it is escaped.
const uri = { type: 'string', pattern: "^(?:[A-Za-z0-9._~!$&'()*+,;=:@/?#-]|%[0-9A-F]{2})+$" };

const message = closed({ text, markdown: text, id: text, arguments: { type: 'array' } }); // 3.11
const artifactLocation = closed({ uri, uriBaseId: text, index, description: message }); // 3.4
const region = closed({ startLine: position, startColumn: position, endLine: position, endColumn: position }); // 3.30
const physicalLocation = closed({ artifactLocation, region, contextRegion: region }, ['artifactLocation']); // 3.29
const location = closed({ id: index, physicalLocation, message }); // 3.28
const result = closed(
  {
    ruleId: text,
    ruleIndex: index,
    kind: { enum: ['notApplicable', 'pass', 'fail', 'review', 'open', 'informational'] },
    level: { enum: ['none', 'note', 'warning', 'error'] },
    message,
    locations: { type: 'array', items: location },
  },
  ['message'],
); // 3.27
const rule = closed(
  { id: text, name: text, shortDescription: message, fullDescription: message, help: message },
  ['id'],
); // 3.49
const driver = closed(
  {
    name: text,
    version: text,
    semanticVersion: text,
    informationUri: uri,
    rules: { type: 'array', items: rule, uniqueItems: true },
  },
  ['name'],
); // 3.19
const run = closed({ tool: closed({ driver }, ['driver']), results: { type: 'array', items: result } }, [
  'tool',
  'results',
]); // 3.14, 3.18; results are required of a run that looked
const log = closed({ $schema: uri, version: { const: '2.1.0' }, runs: { type: 'array', items: run } }, [
  'version',
  'runs',
]); // 3.13

const validate = new Ajv2020({ strict: false, allErrors: true }).compile<SarifLog>(log);

/** A SARIF log, as far as the tests look into it. */
export interface SarifLog {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules?: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId?: string;
      readonly ruleIndex?: number;
      readonly level?: string;
      readonly locations?: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region?: Readonly<
            Record<'startLine' | 'startColumn' | 'endLine' | 'endColumn', number | undefined>
          >;
        };
      }[];
    }[];
  }[];
}

/** The log in a text; throws, with everything that is wrong, when it is none by the standard. */
export function sarifOf(written: string): SarifLog {
  const value: unknown = JSON.parse(written);
  if (!validate(value)) throw new Error(`not SARIF: ${JSON.stringify(validate.errors)}`);
  const wrong = value.runs.flatMap(({ tool, results }) =>
    results.flatMap((each) => problemsOf(each, tool.driver.rules ?? [])),
  );
  if (wrong.length > 0) throw new Error(`not SARIF: ${wrong.join('; ')}`);
  return value;
}

// What a schema cannot say: references hit (3.27.5, 3.27.6), ids are used once (3.19.23), regions do not end before they begin (3.30).
function problemsOf(
  { ruleId, ruleIndex, locations = [] }: SarifLog['runs'][number]['results'][number],
  rules: readonly { readonly id: string }[],
): string[] {
  const ids = rules.map(({ id }) => id);
  const regions = locations.flatMap(({ physicalLocation }) => physicalLocation.region ?? []);
  return [
    ...(new Set(ids).size === ids.length ? [] : ['a rule id is used twice']),
    ...(ruleId === undefined || ids.includes(ruleId) ? [] : [`no rule ${ruleId}`]),
    ...(ruleIndex === undefined || ids[ruleIndex] === ruleId ? [] : [`rule ${ruleIndex} is not ${ruleId}`]),
    ...regions.flatMap(({ startLine = 0, startColumn = 1, endLine = startLine, endColumn = Infinity }) =>
      endLine < startLine || (endLine === startLine && endColumn < startColumn)
        ? ['a region ends early']
        : [],
    ),
  ];
}
