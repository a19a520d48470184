import { parseArgs } from 'node:util';
import { nearest, SquadError } from '#protocol';
import type { Call, Command, OptionSpec, Program } from './command.ts';
import type { Io } from './io.ts';
import { readPlainOptions, type ReadOptions } from './plain-options.ts';

const COMMON: Readonly<Record<string, OptionSpec>> = {
  json: { kind: 'flag', summary: 'one JSON document on stdout' },
  help: { kind: 'flag', short: 'h', summary: 'show help' },
  version: { kind: 'flag', short: 'V', summary: 'show the version' },
};

/** A command line, read. */
export interface ParsedLine {
  readonly command: Command | undefined;
  readonly call: Call;
}

/** Options of a command, with those that every command has. */
export function optionsOf(command: Command | undefined): Readonly<Record<string, OptionSpec>> {
  return { ...command?.options, ...COMMON };
}

/** Finds the command and reads its options. Throws `USAGE`, with a suggestion where one is near. */
export function parseLine(program: Program, argv: readonly string[], io: Io): ParsedLine {
  const { command, rest: words } = splitCommand(program, argv);
  const dashes = words.indexOf('--');
  const own = dashes === -1 ? words : words.slice(0, dashes);
  const specs = optionsOf(command);
  const parsed = readOptions(program, command, { own, specs });
  const call = createCall(io, parsed, dashes === -1 ? [] : words.slice(dashes + 1));
  if (command !== undefined && !call.flag('help')) checkPositionals(program, command, call);
  return { command, call };
}

function splitCommand(
  program: Program,
  argv: readonly string[],
): { command: Command | undefined; rest: readonly string[] } {
  const only = program.commands.find(({ name }) => name === '');
  const [first, ...others] = argv;
  const named = program.commands.find(({ name }) => name !== '' && name === first);
  if (named !== undefined) return { command: named, rest: others };
  if (only !== undefined) return { command: only, rest: argv };
  if (first === undefined || first.startsWith('-')) return { command: undefined, rest: argv };
  const names = program.commands.map(({ name }) => name);
  const near = nearest(first, names);
  throw usage(
    `${program.name} has no command "${first}"`,
    near === undefined ? `one of: ${names.join(', ')}` : `did you mean: ${program.name} ${near}`,
  );
}

function readOptions(
  program: Program,
  command: Command | undefined,
  line: { own: readonly string[]; specs: Readonly<Record<string, OptionSpec>> },
): ReadOptions {
  // Loading node's reader costs a fast program a thirtieth of its time, and nearly every line is plain.
  const plain = readPlainOptions(line.specs, line.own);
  if (plain !== undefined) return plain;
  const options = Object.fromEntries(
    Object.entries(line.specs).map(([name, spec]) => [
      name,
      {
        type: spec.kind === 'flag' ? 'boolean' : 'string',
        multiple: spec.kind === 'list',
        ...(spec.short === undefined ? {} : { short: spec.short }),
      } as const,
    ]),
  );
  try {
    return parseArgs({ args: [...line.own], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message =
      error instanceof Error ? (error.message.split('. To specify')[0] ?? error.message) : String(error);
    const typed = /--[\w-]+/u.exec(message)?.[0];
    const near = typed === undefined ? undefined : nearest(typed.slice(2), Object.keys(line.specs));
    const help = `${[program.name, command?.name].filter(Boolean).join(' ')} --help`;
    throw usage(message, near === undefined ? `run: ${help}` : `did you mean --${near}? see: ${help}`);
  }
}

function createCall(io: Io, parsed: ReadOptions, rest: readonly string[]): Call {
  const { values, positionals } = parsed;
  return {
    io,
    positionals,
    rest,
    json: values['json'] === true,
    flag: (name) => values[name] === true,
    value: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
    list: (name) =>
      Array.isArray(values[name]) ? values[name].filter((value) => typeof value === 'string') : [],
  };
}

function checkPositionals(program: Program, command: Command, call: Call): void {
  const { minPositionals = 0, maxPositionals = command.positionals === undefined ? 0 : Infinity } = command;
  const name = [program.name, command.name].filter(Boolean).join(' ');
  const form = `${name} ${command.positionals ?? ''}`.trim();
  const count = call.positionals.length;
  if (count < minPositionals)
    throw usage(`${name} needs ${command.positionals ?? 'an argument'}`, `usage: ${form}`);
  if (count > maxPositionals)
    throw usage(`${name} does not take "${call.positionals[maxPositionals]}"`, `usage: ${form}`);
  if (call.rest.length > 0 && command.takesRest !== true)
    throw usage(`${name} takes nothing after --`, `usage: ${form}`);
}

function usage(message: string, hint: string): SquadError {
  return new SquadError({ code: 'USAGE', message, hint });
}
