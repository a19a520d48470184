import type { RedirectToken, Token, Word } from './syntax.ts';

/** One command of a script, in order, with what stands around it. */
export interface SimpleCommand {
  readonly kind: 'command';
  readonly words: readonly Word[];
  readonly redirects: readonly RedirectToken[];
  /** Operator before it: `;` for the first. */
  readonly before: string;
  readonly after: string;
}

/** A script as a flat list: commands, and the edges of subshells and of blocks that may not run. */
export type Step = SimpleCommand | { readonly kind: 'enter' | 'leave'; readonly scope: 'subshell' | 'block' };

const OPENERS = new Set(['if', 'while', 'until', 'for', 'select', 'case']);
const CLOSERS = new Set(['fi', 'done', 'esac']);
const DROPPED = new Set(['then', 'elif', 'else', 'do', '!', '{', '}', 'coproc', 'in']);

/** Cuts tokens into steps. Control structures are read flat: every branch may run. */
export function cutSteps(tokens: readonly Token[]): readonly Step[] {
  const cutter = new Cutter();
  for (const token of tokens) cutter.take(token);
  cutter.end(';');
  return cutter.steps;
}

// Lives for one pass over the tokens of one script.
class Cutter {
  readonly steps: Step[] = [];
  private words: Word[] = [];
  private redirects: RedirectToken[] = [];
  private before = ';';
  private skip: 'nothing' | 'until-in' | 'case-pattern' | 'test' | 'array' = 'nothing';

  take(token: Token): void {
    if (this.skip !== 'nothing') return this.passOver(token);
    if (token.kind === 'redirect') this.redirects.push(token);
    else if (token.kind === 'operator') this.operator(token.operator);
    else this.word(token.word);
  }

  end(operator: string): void {
    if (this.words.length > 0 || this.redirects.length > 0) {
      const { words, redirects, before } = this;
      this.steps.push({ kind: 'command', words, redirects, before, after: operator });
    }
    this.words = [];
    this.redirects = [];
    this.before = operator;
  }

  private operator(operator: string): void {
    if (operator === '(') {
      // `name ()` begins a function, judged as if it ran; `name=(` begins an array, which runs nothing.
      if (this.words.length === 1) {
        if (/^[A-Za-z_]\w*\+?=$/u.test(plain(this.words[0] ?? []) ?? '')) this.skip = 'array';
        this.words = [];
      } else this.edge('enter', 'subshell');
    } else if (operator === ')') {
      this.end(';');
      this.steps.push({ kind: 'leave', scope: 'subshell' });
    } else {
      this.end(operator);
      if (operator.startsWith(';;') || operator === ';&') this.skip = 'case-pattern';
    }
  }

  private word(word: Word): void {
    const text = plain(word);
    if (this.words.length > 0 || text === undefined) this.words.push(word);
    else if (text === '[[') this.skip = 'test';
    else if (CLOSERS.has(text)) this.steps.push({ kind: 'leave', scope: 'block' });
    else if (OPENERS.has(text)) this.open(text, word);
    else if (!DROPPED.has(text) && text !== 'function') this.words.push(word);
  }

  private open(text: string, word: Word): void {
    this.edge('enter', 'block');
    if (text === 'case') this.skip = 'until-in';
    if (text === 'for' || text === 'select') this.words.push(word);
  }

  private edge(kind: 'enter' | 'leave', scope: 'subshell' | 'block'): void {
    this.end(this.before);
    this.steps.push({ kind, scope });
  }

  private passOver(token: Token): void {
    const text = token.kind === 'word' ? plain(token.word) : undefined;
    const isParenthesis = token.kind === 'operator' && token.operator === ')';
    if (this.skip === 'array' && isParenthesis) this.skip = 'nothing';
    else if (this.skip === 'test' && text === ']]') this.skip = 'nothing';
    else if (this.skip === 'until-in' && text === 'in') this.skip = 'case-pattern';
    else if (this.skip === 'case-pattern') {
      if (text === 'esac') this.steps.push({ kind: 'leave', scope: 'block' });
      if (isParenthesis || text === 'esac') this.skip = 'nothing';
    }
  }
}

/** The word's text when it is written plainly, without quotes or expansions. */
function plain(word: Word): string | undefined {
  const [part, ...more] = word;
  return part?.kind === 'text' && !part.isQuoted && more.length === 0 ? part.text : undefined;
}
