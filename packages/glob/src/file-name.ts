// Without `u`: `i` and `u` together make V8 ask ICU for the cases of whole character classes, 0.2 ms at first use.
const EXTENSION = /[^.]\.[a-z][a-z0-9]*$/i;
// `conf.d`, `CHANGELOG.d`: folders of fragments, by custom.
const FRAGMENT_FOLDER = /\.d$/i;
const KNOWN_FILE =
  /^(?:\w*file|licen[cs]e|readme|changelog|codeowners|notice|authors|copying|version|\.\w*(?:rc|ignore|attributes|config|keep|modules|env)|\.node-version|\.python-version|\.mailmap)$/i;

/**
 * True for a name that people give to files, not folders: one with an extension (but not `.d`), `Makefile` and its
 * kin, `LICENSE` and its kin, `.gitignore` and its kin. A pattern that ends in such a name covers that path alone.
 */
export function isFileName(name: string): boolean {
  return (EXTENSION.test(name) && !FRAGMENT_FOLDER.test(name)) || KNOWN_FILE.test(name);
}
