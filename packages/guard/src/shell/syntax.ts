/** One stretch of a word, before the shell expands it. */
export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly isQuoted: boolean }
  /** `$x`, `${x}`, `$1`, `$@`, `${x[@]}`: the last two by the names `@` and `x[@]`. */
  | { readonly kind: 'variable'; readonly name: string; readonly isQuoted: boolean }
  /** `$(…)` and backticks, or with `isOutput` false `<(…)`, which stands for the name of a pipe. */
  | {
      readonly kind: 'script';
      readonly tokens: readonly Token[];
      readonly isQuoted: boolean;
      readonly isOutput: boolean;
    }
  /** Arithmetic and `${x%y}`: a value that only the running shell knows. */
  | { readonly kind: 'opaque' };

/** A word as written. */
export type Word = readonly WordPart[];

/** The body of a here-document; filled in when the reader reaches the end of its line. */
export interface Heredoc {
  text: string;
  /** The parts of an unquoted body, whose substitutions run; `undefined` for a quoted one. */
  parts: Word | undefined;
}

/** A redirection operator; its target is the next word, unless it is a here-document. */
export interface RedirectToken {
  readonly kind: 'redirect';
  readonly operator: string;
  /** As written before it; empty for the usual one. */
  readonly descriptor: string;
  readonly target: Word;
  readonly heredoc: Heredoc | undefined;
}

/** What the reader yields: words, redirections, and control operators (a newline is `;`). */
export type Token =
  | { readonly kind: 'word'; readonly word: Word }
  | RedirectToken
  | { readonly kind: 'operator'; readonly operator: string };

/** Thrown inside the reader for scripts past its bounds; the analysis then judges nothing. */
export class ShellTooComplex extends Error {
  override readonly name = 'ShellTooComplex';
}
