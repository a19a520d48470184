import type { Argument } from '../shell/expand.ts';
import { namePattern } from './name-pattern.ts';

/** An entry that `find` has come to. */
export interface FoundEntry {
  /** As printed: below the starting point as that was written. */
  readonly shown: string;
  readonly name: string;
  readonly kind: string;
  readonly isEmpty: () => boolean;
}

/** What an expression of `find` says of an entry: `undefined` when it cannot be told. */
export type Truth = boolean | undefined;

/** What the actions of an expression do with an entry that surely meets the tests before them. */
export interface FindActions {
  readonly print: (entry: FoundEntry, end: string) => void;
  readonly remove: (entry: FoundEntry) => void;
  readonly execute: (command: readonly Argument[], entry: FoundEntry) => void;
  readonly gather: (command: readonly Argument[], entry: FoundEntry) => void;
  readonly prune: () => void;
}

/** An expression of `find`; `isSure` is false where an earlier test could not be told, so that nothing is done. */
export type FindExpression = (entry: FoundEntry, actions: FindActions, isSure: boolean) => Truth;

/** An expression with the options that hold for the whole search. */
export interface FindPlan {
  readonly test: FindExpression;
  readonly maxDepth: number;
  readonly minDepth: number;
  /** True when entries are printed because no action is named. */
  readonly printsAll: boolean;
}

const KINDS: Readonly<Record<string, string>> = { d: 'folder', f: 'file', l: 'link' };
const UNTOLD_WITH_VALUE =
  /^-(?:newer\w*|[acm]min|[acm]time|size|perm|user|group|uid|gid|regex|iregex|regextype|samefile|inum|links|used|fstype|lname|ilname|xtype|context)$/u;

/** Reads the expression of a `find` command line; `undefined` for one with parts that are not known. */
export function readFindExpression(args: readonly Argument[]): FindPlan | undefined {
  const reader = new Reader(args);
  const test = reader.either();
  const { maxDepth, minDepth, hasAction, isUnknown } = reader;
  return isUnknown || !reader.isAtEnd() ? undefined : { test, maxDepth, minDepth, printsAll: !hasAction };
}

// Lives for one pass over the arguments.
class Reader {
  maxDepth = Number.POSITIVE_INFINITY;
  minDepth = 0;
  hasAction = false;
  isUnknown = false;
  private at = 0;
  private readonly args: readonly Argument[];

  constructor(args: readonly Argument[]) {
    this.args = args;
  }

  isAtEnd(): boolean {
    return this.at >= this.args.length;
  }

  either(): FindExpression {
    let left = this.both();
    while (this.takeOne('-o', '-or')) {
      left = joined(left, this.both(), true);
    }
    return left;
  }

  private both(): FindExpression {
    let left = this.single();
    while (!this.isAtEnd() && !['-o', '-or', ')'].includes(this.peek())) {
      this.takeOne('-a', '-and');
      left = joined(left, this.single(), false);
    }
    return left;
  }

  private single(): FindExpression {
    if (this.takeOne('!', '-not')) {
      const inner = this.single();
      return (entry, actions, isSure) => {
        const truth = inner(entry, actions, isSure);
        return truth === undefined ? undefined : !truth;
      };
    }
    if (this.takeOne('(')) {
      const inner = this.either();
      if (!this.takeOne(')')) this.isUnknown = true;
      return inner;
    }
    return this.isAtEnd() ? (): Truth => true : this.primary(this.take());
  }

  private primary(word: string): FindExpression {
    switch (word) {
      case '-name':
      case '-iname':
        return this.pattern(word === '-iname', ({ name }) => name);
      case '-path':
      case '-ipath':
      case '-wholename':
        return this.pattern(word === '-ipath', ({ shown }) => shown);
      case '-type': {
        const letters = this.take().split(',');
        const kinds = new Set(letters.map((letter) => KINDS[letter] ?? 'other'));
        return ({ kind }) => kinds.has(kind);
      }
      case '-empty':
        return (entry) => entry.isEmpty();
      case '-maxdepth':
      case '-mindepth': {
        const depth = Number(this.take());
        if (word === '-maxdepth') this.maxDepth = depth;
        else this.minDepth = depth;
        return (): Truth => true;
      }
      case '-true':
      case '-mount':
      case '-xdev':
      case '-depth':
      case '-noleaf':
        return (): Truth => true;
      case '-false':
        return (): Truth => false;
      default:
        return this.action(word);
    }
  }

  private action(word: string): FindExpression {
    if (word === '-prune') return sure((_, actions) => actions.prune());
    if (UNTOLD_WITH_VALUE.test(word)) {
      this.take();
      return (): Truth => undefined;
    }
    this.hasAction = true;
    switch (word) {
      case '-print':
        return sure((entry, actions) => actions.print(entry, '\n'));
      case '-print0':
        return sure((entry, actions) => actions.print(entry, '\0'));
      case '-delete':
        return sure((entry, actions) => actions.remove(entry));
      case '-exec':
        return this.execution();
      default:
        this.isUnknown = true;
        return (): Truth => undefined;
    }
  }

  // With `;` what follows depends on how the command ends.
  private execution(): FindExpression {
    const command: Argument[] = [];
    while (!this.isAtEnd() && this.peek() !== ';') {
      const isGathering = this.peek() === '+' && command.at(-1)?.text === '{}';
      if (isGathering) {
        this.at += 1;
        const gathering = command.slice(0, -1);
        return sure((entry, actions) => actions.gather(gathering, entry));
      }
      const arg = this.args[this.at];
      if (arg !== undefined) command.push(arg);
      this.at += 1;
    }
    this.take();
    return (entry, actions, isSure) => {
      if (isSure) actions.execute(command, entry);
      return undefined;
    };
  }

  private pattern(foldsCase: boolean, of: (entry: FoundEntry) => string): FindExpression {
    const matches = namePattern(this.take(), foldsCase);
    return (entry) => matches?.(of(entry));
  }

  private peek(): string {
    return this.args[this.at]?.text ?? '';
  }

  private take(): string {
    const text = this.args[this.at]?.text;
    if (text === undefined) this.isUnknown = true;
    this.at += 1;
    return text ?? '';
  }

  private takeOne(...words: readonly string[]): boolean {
    if (this.isAtEnd() || !words.includes(this.peek())) return false;
    this.at += 1;
    return true;
  }
}

// Two expressions, of which the first settles both when its truth is `settling`: true for `-o`, false for `-a`.
function joined(first: FindExpression, second: FindExpression, settling: boolean): FindExpression {
  return (entry, actions, isSure) => {
    const truth = first(entry, actions, isSure);
    if (truth === settling) return settling;
    const other = second(entry, actions, isSure && truth === !settling);
    return other === settling ? settling : truth === undefined ? undefined : other;
  };
}

function sure(act: (entry: FoundEntry, actions: FindActions) => void): FindExpression {
  return (entry, actions, isSure) => {
    if (isSure) act(entry, actions);
    return true;
  };
}
