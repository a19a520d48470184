import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SquadError } from '#protocol';
import type { Store } from '#store';

// Compiled, this file lies three folders below the package's root; as source, four.
const PLACES = ['../../../templates/prompts/', '../../../../templates/prompts/'];

/** The text of a prompt template: the repository's own in `.squad/prompts/`, else the package's. */
export function readPromptTemplate(store: Store, squadDir: string, name: string): string {
  const own = store.readText(join(squadDir, 'prompts', `${name}.md`));
  if (own !== undefined) return own;
  for (const place of PLACES) {
    const text = store.readText(join(fileURLToPath(new URL(place, import.meta.url)), `${name}.md`));
    if (text !== undefined) return text;
  }
  throw new SquadError({
    code: 'FILE_UNREADABLE',
    message: `there is no prompt template "${name}"`,
    hint: `write .squad/prompts/${name}.md`,
  });
}
