import type { ExitCode } from '#protocol';
import type { Io } from './io.ts';

/** One `--option`. Values stay the strings that were typed. */
export interface OptionSpec {
  readonly kind: 'flag' | 'value' | 'list';
  readonly short?: string;
  /** What a value is, as `ID` or `DURATION`. */
  readonly value?: string;
  readonly summary: string;
}

/** What a command was called with. */
export interface Call {
  readonly io: Io;
  readonly positionals: readonly string[];
  /** Everything after `--`, untouched. */
  readonly rest: readonly string[];
  readonly json: boolean;
  readonly flag: (name: string) => boolean;
  readonly value: (name: string) => string | undefined;
  readonly list: (name: string) => readonly string[];
}

/** What a command has to say. `json` is printed with `--json`, `text` otherwise. */
export interface Outcome {
  readonly exitCode: ExitCode;
  readonly json?: unknown;
  readonly text?: string;
  /** For people, on stderr, also with `--json`. */
  readonly notice?: string;
}

/** One verb of a program; its name is empty in a program that has only one. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** As in `<path…>`; empty when none are taken. */
  readonly positionals?: string;
  readonly minPositionals?: number;
  readonly maxPositionals?: number;
  /** True for commands that take another command after `--`. */
  readonly takesRest?: boolean;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly string[];
  readonly action: (call: Call) => Promise<Outcome>;
}

/** A program: `squad-lock`. */
export interface Program {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly Command[];
}
