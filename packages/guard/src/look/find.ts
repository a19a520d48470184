import { basename, join, resolve } from 'node:path';
import type { Store } from '#store';
import type { Argument } from '../shell/expand.ts';
import type { Call } from '../shell/look.ts';
import { readFindExpression, type FindActions, type FindPlan, type FoundEntry } from './find-expression.ts';
import { beginWalk, isFolder, namesIn, type Walk } from './walk.ts';

/** What a `find` command line surely does. */
export interface FindResult {
  readonly printed: string;
  /** Absolute. */
  readonly removed: readonly string[];
  readonly commands: readonly (readonly Argument[])[];
}

interface Search {
  readonly walk: Walk;
  readonly plan: FindPlan;
  readonly actions: FindActions;
  readonly isPruned: { now: boolean };
}

/**
 * Follows `find` through the folders by its tests of name, path, kind and depth. An entry on which another test decides
 * (`-newer`, `-size`) is passed over; `undefined` for expressions with parts that are not known.
 */
export function runFind(store: Store, { args, cwd }: Call): FindResult | undefined {
  const first = args.findIndex(({ text }) => text === undefined || /^[-(!]/u.test(text));
  const roots = first === -1 ? args : args.slice(0, first);
  const plan = readFindExpression(first === -1 ? [] : args.slice(first));
  if (plan === undefined) return undefined;
  const printed: string[] = [];
  const removed: string[] = [];
  const commands: (readonly Argument[])[] = [];
  const gathered = new Map<readonly Argument[], Argument[]>();
  const isPruned = { now: false };
  const actions: FindActions = {
    print: ({ shown }, end) => printed.push(shown + end),
    remove: ({ shown, kind }) => kind !== 'folder' && removed.push(resolve(cwd, shown)),
    execute: (command, { shown }) => commands.push(command.map((arg) => withPath(arg, shown))),
    gather: (command, { shown }) => {
      const paths = gathered.get(command) ?? [];
      gathered.set(command, paths);
      paths.push({ text: shown, isPattern: false });
    },
    prune: () => {
      isPruned.now = true;
    },
  };
  const search: Search = { walk: beginWalk(store), plan, actions, isPruned };
  for (const root of roots.length === 0 ? ['.'] : roots.map(({ text }) => text ?? ''))
    searchFrom(search, { shown: root, path: resolve(cwd, root), depth: 0 });
  for (const [command, paths] of gathered) commands.push([...command, ...paths]);
  return { printed: printed.join(''), removed, commands };
}

function withPath(arg: Argument, path: string): Argument {
  return arg.text?.includes('{}') === true ? { ...arg, text: arg.text.replaceAll('{}', path) } : arg;
}

function searchFrom(
  search: Search,
  at: { readonly shown: string; readonly path: string; readonly depth: number },
): void {
  const { walk, plan, actions, isPruned } = search;
  const { shown, path, depth } = at;
  const stat = walk.store.stat(path);
  if (stat === undefined) return;
  const isEmpty = (): boolean =>
    stat.kind === 'folder' ? walk.store.list(path).length === 0 : stat.kind === 'file' && stat.size === 0;
  const entry: FoundEntry = { shown, name: basename(path), kind: stat.kind, isEmpty };
  isPruned.now = false;
  if (depth >= plan.minDepth) {
    const truth = plan.test(entry, actions, true);
    if (plan.printsAll && truth === true) actions.print(entry, '\n');
  }
  if (isPruned.now || depth >= plan.maxDepth || !isFolder(walk.store, path)) return;
  for (const name of namesIn(walk, path)) {
    const below = shown.endsWith('/') ? `${shown}${name}` : `${shown}/${name}`;
    searchFrom(search, { shown: below, path: join(path, name), depth: depth + 1 });
  }
}
