import { SquadError } from '#protocol';
import { createPlainReader } from '../client/command-client.ts';
import type { Client } from '../client/client.ts';
import { fillShellTemplate } from '../process/shell-template.ts';

/** A command for one item: a single word is a shell command, several are a program and its arguments. */
export interface CommandTemplate {
  readonly words: readonly string[];
  /** What `{file}` stands for. */
  readonly file: string;
}

/** A command with `{file}` filled in. In a shell command the file is one word whatever its name holds; else it is filled in as text. */
export function createTemplateClient({ words, file }: CommandTemplate): Client {
  const [program, ...args] = words;
  if (program === undefined || !words.some((word) => word.includes('{file}'))) {
    throw new SquadError({
      code: 'USAGE',
      message: 'the command must name {file}',
      hint: "as in: squad-run fanout src/*.ts -- 'my-codemod {file}'",
    });
  }
  const fill = (word: string): string => word.replaceAll('{file}', file);
  const line =
    args.length === 0
      ? { file: '/bin/sh', args: ['-c', fillShellTemplate(program, { file })] }
      : { file: fill(program), args: args.map(fill) };
  return { name: 'command', tells: 'nothing', commandLine: () => line, createReader: createPlainReader };
}
