import { SquadError } from '#protocol';

const MAX_BYTES = 256 * 1024 * 1024;

/** All of standard input as UTF-8 text. More than 256 MB is `INPUT_INVALID`: no client sends that. */
export async function readInput(stdin: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > MAX_BYTES) {
      throw new SquadError({ code: 'INPUT_INVALID', message: 'the hook input is larger than 256 MB' });
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
