import { SquadError } from '#protocol';
import { fillShellTemplate, placeholdersOf } from '../process/shell-template.ts';
import type { Client } from './client.ts';
import { isTransientText } from './transient.ts';

const KNOWN: ReadonlySet<string> = new Set(['prompt', 'agent', 'cwd']);

// Of an answer without a form of its own, the end is what counts.
const MOST_LINES = 2000;

/**
 * Any program as an agent: a shell command with `{prompt}` (also `{agent}`, `{cwd}`), each filled in as one word.
 * Its exit code alone says how it went; 75 (EX_TEMPFAIL) and words of overload at the end of its output mean "again".
 */
export function createCommandClient(template: string): Client {
  const unknown = placeholdersOf(template).filter((name) => !KNOWN.has(name));
  if (!placeholdersOf(template).includes('prompt')) {
    throw new SquadError({
      code: 'USAGE',
      message: `"${template}" is neither a known client nor a command with {prompt} in it${unknown.length > 0 ? ` ({${unknown.join('}, {')}} is not filled)` : ''}`,
      hint: "use --with claude|codex|gemini|opencode, or --with 'my-agent {prompt}'",
    });
  }
  return {
    name: 'command',
    tells: 'nothing',
    commandLine: ({ prompt, agent, cwd }) => ({
      file: '/bin/sh',
      args: ['-c', fillShellTemplate(template, { prompt, agent, cwd })],
    }),
    createReader: createPlainReader,
  };
}

/** Takes every line as text; says nothing of success, which the exit code tells. */
export function createPlainReader(): ReturnType<Client['createReader']> {
  let lines: string[] = [];
  return {
    line(line) {
      lines.push(line);
      if (lines.length > 2 * MOST_LINES) lines = lines.slice(-MOST_LINES);
      return line.trim() === '' ? [] : [{ kind: 'text', text: line }];
    },
    end() {
      const last = lines.findLast((line) => line.trim() !== '') ?? '';
      const text = lines.slice(-MOST_LINES).join('\n');
      return {
        isError: false,
        isComplete: false,
        isTransient: isTransientText(last),
        text,
        ...(last === '' ? {} : { reason: last }),
      };
    },
  };
}
