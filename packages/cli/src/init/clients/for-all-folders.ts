import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pasteableWord } from '#protocol';
import type { Store } from '#store';

/** The folder of the installed package; somewhere else in a bundle of the plugin. */
export const PACKAGE_ROOT: string = fileURLToPath(new URL('../../../../', import.meta.url));

/** How a person installs the guard for all folders, which is what makes it fire in a sub-folder of the repository. */
export function forAllFolders(store: Store, client: 'claude' | 'gemini'): string {
  const isPackage = store.stat(join(PACKAGE_ROOT, 'dist/gemini-extension')) !== undefined;
  const root = isPackage ? PACKAGE_ROOT.replace(/\/$/u, '') : './node_modules/dotsquad';
  return {
    claude: `claude plugin marketplace add ${pasteableWord(root)} && claude plugin install squad@dotsquad --scope user`,
    gemini: `gemini extensions install ${pasteableWord(join(root, 'dist/gemini-extension'))}`,
  }[client];
}
