import { SquadError } from '#protocol';
import { readDescriptor } from '#store';
import type { Io } from '../shell/io.ts';

const MAX_BYTES = 256 * 1024 * 1024;

/**
 * All of standard input as UTF-8 text. More than 256 MB is `INPUT_INVALID`: no client sends that. `undefined` when a person
 * sits there.
 */
export async function readInput(io: Pick<Io, 'stdin' | 'stdinDescriptor'>): Promise<string | undefined> {
  const fast = io.stdinDescriptor === undefined ? undefined : readDescriptor(io.stdinDescriptor, MAX_BYTES);
  if (fast?.kind === 'too-large') throw tooLarge();
  if (fast?.kind === 'text') return fast.text;
  const { stdin } = io;
  if (stdin.isTTY === true) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > MAX_BYTES) throw tooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tooLarge(): SquadError {
  return new SquadError({ code: 'INPUT_INVALID', message: 'the hook input is larger than 256 MB' });
}
