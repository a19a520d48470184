import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { optionsOf } from '../../packages/cli/src/shell/arguments.ts';
import type { Program } from '../../packages/cli/src/shell/command.ts';
import { PROGRAMS } from '../../packages/cli/src/programs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const programs = new Map<string, Program>();

beforeAll(async () => {
  for (const [verb, load] of Object.entries(PROGRAMS)) programs.set(`squad-${verb}`, await load());
});

// A command as messages and documents write it: quoted or ticked, or at the start of a line or after "run: ".
const COMMAND = /(?:[`'"(]|^\s*\$?\s*|run: |: )(squad-[a-z]+)(?![\w-])((?: [^`'"\n]*)?)/gmu;

interface Named {
  readonly place: string;
  readonly text: string;
  readonly program: string;
  readonly words: readonly string[];
}

function named(folder: string, ending: RegExp): readonly Named[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .flatMap((name) => commandsIn(`${folder}/${name}`));
}

function commandsIn(place: string): readonly Named[] {
  const text = readFileSync(join(root, place), 'utf8').replaceAll(/\{\{(squad-[a-z]+)\}\}/gu, '$1');
  return Array.from(text.matchAll(COMMAND), ([, program = '', rest = '']) => ({
    place,
    text: `${program}${rest}`,
    program,
    words: rest.trim().split(/\s+/u).filter(Boolean),
  }));
}

// What is wrong with a named command; nothing when it is only the program's name, or prose about it.
function problemOf({ program, words }: Named): string | undefined {
  const found = programs.get(program);
  if (found === undefined) return `there is no ${program}`;
  const [first] = words;
  // A verb filled in at run time, or several at once.
  if (first !== undefined && /[$|]/u.test(first)) return undefined;
  const only = found.commands.find(({ name }) => name === '');
  const command = found.commands.find(({ name }) => name !== '' && name === first) ?? only;
  if (command === undefined)
    return first === undefined || !/^[a-z-]+$/u.test(first)
      ? undefined
      : `${program} has no command "${first}"`;
  const own = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
  const options = own.flatMap((word) => /^\[?--([a-z][a-z-]*)/u.exec(word)?.[1] ?? []);
  const unknown = options.find((option) => !Object.hasOwn(optionsOf(command), option));
  return unknown === undefined ? undefined : `${program} ${command.name} has no --${unknown}`;
}

test('every squad command that a message, template, example or document names exists, with its options', () => {
  const everywhere = [
    ...named('packages', /\.(?:ts|md)$/u),
    ...named('templates', /\.md$/u),
    ...named('examples', /\.md$/u),
    ...commandsIn('README.md'),
  ];
  const wrong = everywhere.flatMap((command) => {
    const problem = problemOf(command);
    return problem === undefined ? [] : [`${command.place}: ${command.text.slice(0, 80)} (${problem})`];
  });
  expect(everywhere.length).toBeGreaterThan(100);
  expect(wrong).toEqual([]);
});
