import { z } from 'zod';

/** What came of a tool call. `value` is handed to the model twice, as structured content and as the same JSON text. */
export interface ToolAnswer {
  readonly isError: boolean;
  readonly value: Readonly<Record<string, unknown>>;
}

/** One tool of the server, for any input shape. */
export interface SquadTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodObject;
  readonly isReadOnly: boolean;
  /** True when calling it twice does no more than calling it once. */
  readonly isIdempotent: boolean;
  readonly run: (input: Readonly<Record<string, unknown>>) => Promise<ToolAnswer>;
}

// What no command line can hold, no command is asked. (Not as a pattern: that would be part of the published schema.)
const words = (): z.ZodString =>
  z
    .string()
    .max(4000)
    .refine((text) => !text.includes('\0'), 'holds a NUL');

/** Input fields, with the sentence that the model reads. */
export const field = {
  text: (about: string): z.ZodString => words().describe(about),
  optionalText: (about: string): z.ZodOptional<z.ZodString> => words().optional().describe(about),
  texts: (about: string): z.ZodArray<z.ZodString> => z.array(words()).max(100).describe(about),
  optionalTexts: (about: string): z.ZodOptional<z.ZodArray<z.ZodString>> =>
    z.array(words()).max(100).optional().describe(about),
  optionalFlag: (about: string): z.ZodOptional<z.ZodBoolean> => z.boolean().optional().describe(about),
  choice: (about: string, ...values: readonly string[]): z.ZodEnum<Record<string, string>> =>
    z.enum(Object.fromEntries(values.map((value) => [value, value]))).describe(about),
} as const;

/** A tool whose input has this shape; unknown keys are refused, so that a misspelt option is never ignored. */
export function createTool<S extends z.ZodRawShape>(
  spec: Omit<SquadTool, 'input' | 'run'> & {
    readonly input: S;
    readonly run: (input: z.infer<z.ZodObject<S>>) => Promise<ToolAnswer>;
  },
): SquadTool {
  const schema = z.strictObject(spec.input);
  return { ...spec, input: schema, run: (input) => spec.run(schema.parse(input)) };
}
