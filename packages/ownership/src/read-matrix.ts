import { join } from 'node:path';
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
 * An unreadable file is `INPUT_INVALID` with every problem.
 */
export async function readOwnership(store: Store, squadDir: string): Promise<CompiledMatrix> {
  const source = ownershipPath(squadDir);
  const matrix = await readTwin<CompiledMatrix>(store, {
    source,
    twin: join(squadDir, '.run', 'ownership.json'),
    decode: decodeCompiled,
    compile: (text) => compile(text, source),
  });
  return matrix ?? EMPTY;
}

async function compile(text: string, path: string): Promise<CompiledMatrix> {
  const parsed = await parseOwnership(text, path);
  if (parsed.ok) return compileMatrix(parsed.value, text);
  throw new SquadError({
    code: 'INPUT_INVALID',
    message: parsed.error.map((diagnostic) => renderDiagnostic(diagnostic, text)).join('\n'),
    data: parsed.error,
    hint: 'correct .squad/ownership.yaml, then run: squad-own lint',
  });
}
