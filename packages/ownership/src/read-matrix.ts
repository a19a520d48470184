import { join } from 'node:path';
import type { PatternOptions } from '#glob';
import { renderDiagnostic, SquadError } from '#protocol';
import { readTwin, type Store } from '#store';
import { compileMatrix, decodeCompiled, type CompiledMatrix } from './compiled-matrix.ts';
import { parseOwnership } from './parse-matrix.ts';

/** Path of the matrix in a `.squad/` folder. */
export function ownershipPath(squadDir: string): string {
  return join(squadDir, 'ownership.yaml');
}

const EMPTY: CompiledMatrix = {
  format: 1,
  default: { owner: 'NONE', access: 'SEQUENTIAL' },
  zones: {},
  rules: [],
  folders: {},
};

/**
 * The matrix in force in every worktree: the compiled twin, made anew whenever the bytes of `ownership.yaml` differ from
 * those it was made of, so that an edit holds at once. Loads YAML only then. Without a file every path is SEQUENTIAL.
 * Where the file system folds letter case, rules hold in any spelling. An unreadable file is `INPUT_INVALID` with every problem.
 */
export async function readOwnership(store: Store, squadDir: string): Promise<CompiledMatrix> {
  const source = ownershipPath(squadDir);
  const reading = { foldCase: foldsCase(store, squadDir) };
  const matrix = await readTwin<CompiledMatrix>(store, {
    source,
    twin: join(squadDir, '.run', 'ownership.json'),
    decode: (value) => decodeCompiled(value, reading),
    compile: (text) => compile(text, source, reading),
  });
  return matrix ?? EMPTY;
}

// The disk itself says it, in a microsecond: the matrix is there under another spelling too.
function foldsCase(store: Store, squadDir: string): boolean {
  return store.stat(join(squadDir, 'OWNERSHIP.YAML')) !== undefined;
}

async function compile(text: string, path: string, reading: PatternOptions): Promise<CompiledMatrix> {
  const parsed = await parseOwnership(text, path);
  if (parsed.ok) return compileMatrix(parsed.value, text, reading);
  throw new SquadError({
    code: 'INPUT_INVALID',
    message: parsed.error.map((diagnostic) => renderDiagnostic(diagnostic, text)).join('\n'),
    data: parsed.error,
    hint: 'correct .squad/ownership.yaml, then run: squad-own lint',
  });
}
