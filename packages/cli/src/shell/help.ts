import { cac } from 'cac';
import { optionsOf } from './arguments.ts';
import type { Command, Program } from './command.ts';

/** Help text for a program or one of its commands. Loaded only when asked for. */
export function renderHelp(program: Program, command: Command | undefined, version: string): string {
  const lines: string[] = [];
  const cli = cac(program.name);
  cli.version(version);
  cli.help((sections) => {
    lines.push(
      ...sections.flatMap(({ title, body }) => [...(title === undefined ? [] : [`${title}:`]), body, '']),
    );
    return [];
  });
  for (const each of program.commands) {
    const entry = cli.command(`${each.name} ${bracketed(each)}`.trim(), each.summary);
    for (const [name, spec] of Object.entries(optionsOf(each))) {
      if (name === 'help' || name === 'version') continue;
      const short = spec.short === undefined ? '' : `-${spec.short}, `;
      entry.option(
        `${short}--${name}${spec.kind === 'flag' ? '' : ` <${(spec.value ?? 'value').toLowerCase()}>`}`,
        spec.summary,
      );
    }
    for (const example of each.examples) entry.example(`  ${example}`);
  }
  const argv = [
    'node',
    program.name,
    ...(command === undefined || command.name === '' ? [] : [command.name]),
    '--help',
  ];
  cli.parse(argv, { run: false });
  return `${program.summary}\n\n${lines.join('\n').trim()}`;
}

// cac's own notation: <path> required, [...paths] any number.
function bracketed({ positionals = '' }: Command): string {
  return positionals.replace(/<(\S+)…>/gu, '<...$1>').replace(/\[(\S+)…\]/gu, '[...$1]');
}
