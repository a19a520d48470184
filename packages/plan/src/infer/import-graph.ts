import type { FileRef } from '../model.ts';
import type { FileIndex } from './evidence.ts';

const SOURCE = /\.(?:[cm]?[jt]sx?|py)$/u;
const MAX_SOURCES = 1500;
const MAX_IMPORTERS = 5;

/** Files that import another, read from the sources when first asked for. */
export interface ImportGraph {
  readonly importersOf: (path: string) => readonly FileRef[];
}

/** The import graph of JavaScript, TypeScript and Python sources by their text; of 1,500 files at most. */
export function createImportGraph(
  index: FileIndex,
  readText: (path: string) => string | undefined,
): ImportGraph {
  let importers: ReadonlyMap<string, readonly string[]> | undefined;
  return {
    importersOf: (path) => {
      importers ??= readImporters(index, readText);
      return (importers.get(path) ?? [])
        .slice(0, MAX_IMPORTERS)
        .map((importer) => ({ path: importer, mode: 'modify', rung: 6, why: `imports ${path}` }));
    },
  };
}

function readImporters(
  index: FileIndex,
  readText: (path: string) => string | undefined,
): ReadonlyMap<string, readonly string[]> {
  const importers = new Map<string, string[]>();
  const sources = [...index.all].filter((path) => SOURCE.test(path)).slice(0, MAX_SOURCES);
  for (const path of sources) {
    for (const target of importsOf(path, readText(path) ?? '', index)) {
      const list = importers.get(target);
      if (list === undefined) importers.set(target, [path]);
      else if (list.at(-1) !== path) list.push(path);
    }
  }
  return importers;
}

const FROM = /(?:\bfrom\s+|\bimport\s*\(?\s*|\brequire\s*\(\s*)["']([^"'\n]{1,200})["']/gu;
const PYTHON = /^\s*(?:from\s+(\.*[\w.]*)\s+import\b|import\s+([\w.]+))/gmu;

/** Tracked files that a source imports. */
function importsOf(path: string, text: string, index: FileIndex): readonly string[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  if (path.endsWith('.py')) {
    return [...text.matchAll(PYTHON)].flatMap((match) =>
      pythonTarget(folder, match[1] ?? match[2] ?? '', index),
    );
  }
  return [...text.matchAll(FROM)].flatMap((match) => {
    const name = match[1] ?? '';
    return name.startsWith('.') ? firstOf(candidates(joined(folder, name)), index) : [];
  });
}

function joined(folder: string, relative: string): string {
  const parts = folder.split('/').filter((part) => part !== '');
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function candidates(path: string): string[] {
  const bare = path.replace(/\.[cm]?jsx?$/u, '');
  return [
    path,
    ...[
      '.ts',
      '.tsx',
      '.js',
      '.jsx',
      '.mts',
      '.mjs',
      '.cts',
      '.cjs',
      '/index.ts',
      '/index.tsx',
      '/index.js',
    ].map((end) => bare + end),
  ];
}

function pythonTarget(folder: string, name: string, index: FileIndex): readonly string[] {
  const dots = /^\.*/u.exec(name)?.[0].length ?? 0;
  const base = dots === 0 ? '' : joined(folder, '../'.repeat(dots - 1));
  const path = [base, ...name.slice(dots).split('.')].filter((part) => part !== '').join('/');
  return firstOf([`${path}.py`, `${path}/__init__.py`, `src/${path}.py`], index);
}

function firstOf(paths: readonly string[], index: FileIndex): readonly string[] {
  const found = paths.find((path) => index.all.has(path));
  return found === undefined ? [] : [found];
}
