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

/** The end of a compound command; `after` is empty when redirections follow at once. */
interface Leave {
  readonly kind: 'leave';
  after: string;
}

/** A script as a flat list: commands, and the edges of what encloses them. A block is what may not run, or not once. */
export type Step =
  | SimpleCommand
  | {
      readonly kind: 'enter';
      readonly scope: 'subshell' | 'group' | 'block';
      /** `if`, `while`, `for` …; empty for brackets. */
      readonly keyword: string;
      readonly before: string;
    }
  | Leave
  /** The compound command that follows is a function's body. */
  | { readonly kind: 'function'; readonly name: string }
  /** `name=(…)`. */
  | { readonly kind: 'array'; readonly name: string; readonly words: readonly Word[] };

const OPENERS = new Set(['if', 'while', 'until', 'for', 'select', 'case']);
const CLOSERS = new Set(['fi', 'done', 'esac', '}']);
const DROPPED = new Set(['then', 'elif', 'else', 'do', '!', 'coproc', 'in']);

/** Cuts tokens into steps. */
export function cutSteps(tokens: readonly Token[]): readonly Step[] {
  const cutter = new Cutter();
  for (const token of tokens) cutter.take(token);
  cutter.end(';');
  return cutter.steps;
}

type Skip =
  | 'nothing'
  | 'until-in'
  | 'case-pattern'
  | 'test'
  | 'array'
  | 'function-name'
  | 'function-open'
  | 'function-close';

// Lives for one pass over the tokens of one script.
class Cutter {
  readonly steps: Step[] = [];
  private words: Word[] = [];
  private redirects: RedirectToken[] = [];
  private array: Word[] = [];
  private arrayName = '';
  private before = ';';
  private skip: Skip = 'nothing';

  take(token: Token): void {
    if (this.skip !== 'nothing') return this.passOver(token);
    if (token.kind === 'redirect') this.redirects.push(token);
    else if (token.kind === 'operator') this.operator(token.operator);
    else this.word(token.word);
  }

  end(operator: string): void {
    const last = this.steps.at(-1);
    if (this.words.length > 0 || this.redirects.length > 0) {
      const { words, redirects, before } = this;
      this.steps.push({ kind: 'command', words, redirects, before, after: operator });
    } else if (last?.kind === 'leave' && last.after === '') last.after = operator;
    this.words = [];
    this.redirects = [];
    this.before = operator;
  }

  private operator(operator: string): void {
    if (operator === '(') this.openParenthesis();
    else if (operator === ')') this.leave();
    else {
      this.end(operator);
      if (operator.startsWith(';;') || operator === ';&') this.skip = 'case-pattern';
    }
  }

  private openParenthesis(): void {
    const only = this.words.length === 1 ? plain(this.words[0] ?? []) : undefined;
    const arrayName = /^([A-Za-z_]\w*)\+?=$/u.exec(only ?? '')?.[1];
    if (this.words.length === 1 && only !== 'time') {
      this.words = [];
      this.array = [];
      this.arrayName = arrayName ?? '';
      this.skip = arrayName === undefined ? 'function-close' : 'array';
      if (arrayName === undefined) this.steps.push({ kind: 'function', name: only ?? '' });
    } else this.enter('subshell', '');
  }

  private word(word: Word): void {
    const text = plain(word);
    const isTimed = this.words.length === 1 && text === '{' && plain(this.words[0] ?? []) === 'time';
    if (isTimed) this.words = [];
    if (this.words.length > 0 || text === undefined) this.words.push(word);
    else if (text === '[[') this.skip = 'test';
    else if (text === '{') this.enter('group', '');
    else if (CLOSERS.has(text)) this.leave();
    else if (text === 'function') this.skip = 'function-name';
    else if (OPENERS.has(text)) this.open(text, word);
    else if (!DROPPED.has(text)) this.words.push(word);
  }

  private open(text: string, word: Word): void {
    this.enter('block', text);
    if (text === 'case') this.skip = 'until-in';
    if (text === 'for' || text === 'select') this.words.push(word);
  }

  private enter(scope: 'subshell' | 'group' | 'block', keyword: string): void {
    const { before } = this;
    this.words = [];
    this.steps.push({ kind: 'enter', scope, keyword, before });
    this.before = ';';
  }

  private leave(): void {
    this.end(';');
    this.steps.push({ kind: 'leave', after: '' });
  }

  private passOver(token: Token): void {
    const text = token.kind === 'word' ? plain(token.word) : undefined;
    const isParenthesis = token.kind === 'operator' && token.operator === ')';
    if (this.skip === 'array') this.takeElement(token, isParenthesis);
    else if (this.skip.startsWith('function')) this.passFunctionHead(token, isParenthesis);
    else if (this.skip === 'test' && text === ']]') this.skip = 'nothing';
    else if (this.skip === 'until-in' && text === 'in') this.skip = 'case-pattern';
    else if (this.skip === 'case-pattern') {
      if (text === 'esac') this.leave();
      if (isParenthesis || text === 'esac') this.skip = 'nothing';
    }
  }

  private takeElement(token: Token, isEnd: boolean): void {
    if (token.kind === 'word') this.array.push(token.word);
    if (!isEnd) return;
    this.steps.push({ kind: 'array', name: this.arrayName, words: this.array });
    this.skip = 'nothing';
  }

  // `name ()` and `function name`, the latter with or without brackets.
  private passFunctionHead(token: Token, isParenthesis: boolean): void {
    if (this.skip === 'function-close') {
      if (isParenthesis) this.skip = 'nothing';
    } else if (this.skip === 'function-name') {
      this.steps.push({ kind: 'function', name: token.kind === 'word' ? (plain(token.word) ?? '') : '' });
      this.skip = 'function-open';
    } else {
      const isOpen = token.kind === 'operator' && token.operator === '(';
      this.skip = isOpen ? 'function-close' : 'nothing';
      if (!isOpen) this.take(token);
    }
  }
}

/** The word's text when it is written plainly, without quotes or expansions. */
function plain(word: Word): string | undefined {
  const [part, ...more] = word;
  return part?.kind === 'text' && !part.isQuoted && more.length === 0 ? part.text : undefined;
}
