import { PassThrough, Readable } from 'node:stream';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createNodeStore, systemClock } from '#store';
import { expect, test } from 'vitest';
import { guardProgram, run } from '#cli';
import { guardedRepository } from '../support/guarded.ts';

const SAMPLES = fileURLToPath(new URL('../fixtures/hook-stdin-samples/', import.meta.url));

async function answer(input: string, cwd: string): Promise<string> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  let ids = 0;
  const code = await run(guardProgram, ['pre-tool'], {
    cwd,
    env: { HOME: '/home/dev' },
    stdin: Readable.from([Buffer.from(input)]),
    stdout,
    stderr,
    store: createNodeStore(),
    clock: systemClock,
    newId: () => String((ids += 1)),
    signal: new AbortController().signal,
  });
  const text = [stdout, stderr].map((stream) => String(stream.read() ?? '')).join('');
  return `exit ${code}${text === '' ? '' : `\n${text.trimEnd()}`}`;
}

// The samples name the folders that they were taken in.
function moveTo(root: string, text: string): string {
  return text.replaceAll(/"\/repo(?:1|4|x|g|-demo)(?=[/"])/gu, `"${root}`);
}

test.each(['claude', 'codex', 'gemini'])(
  'every hook sample of %s gets its golden answer: in a free repository, and where bob owns everything',
  async (client) => {
    const free = guardedRepository('version: 1\n');
    const owned = guardedRepository('/**: { owner: bob, access: EXCLUSIVE }\n');
    const answers: string[] = [];
    for (const file of readdirSync(`${SAMPLES}${client}`).filter((name) => name.endsWith('.json'))) {
      const sample = readFileSync(`${SAMPLES}${client}/${file}`, 'utf8');
      const inFree = await answer(moveTo(free, sample), free);
      const inOwned = await answer(moveTo(owned, sample), owned);
      answers.push(`# ${file}: free\n${inFree.replaceAll(free, '<root>')}`);
      answers.push(`# ${file}: bob's\n${inOwned.replaceAll(owned, '<root>')}`);
    }
    await expect(`${answers.join('\n\n')}\n`).toMatchFileSnapshot(`../fixtures/guard/answers-${client}.txt`);
  },
);
