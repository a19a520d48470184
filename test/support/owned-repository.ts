import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { testRepository } from './repository.ts';

/** A matrix with every level of access. */
export const EVERY_LEVEL = `/frontend: { owner: agent-1, access: EXCLUSIVE }
/backend: { owner: agent-2, access: EXCLUSIVE }
/shared: { owner: NONE, access: SEQUENTIAL }
/LICENSE: { owner: NONE, access: READ-ONLY }
/CHANGELOG.md: { owner: NONE, access: PARTITIONED }
/CHANGELOG.d: { owner: NONE, access: PARTITIONED, fragments: "<agent>-*.md" }
`;

/** A repository with this matrix, its `.squad/` run-time folders ignored, and a file under every rule. */
export function ownedRepository(matrix: string = EVERY_LEVEL): string {
  return testRepository({
    '.squad/ownership.yaml': matrix,
    '.squad/.gitignore': '.run/\nlocks/\nlogs/\n',
    'frontend/App.tsx': 'app\n',
    'backend/api.ts': 'api\n',
    'shared/types.ts': 'types\n',
    LICENSE: 'MIT\n',
    'CHANGELOG.md': '# Changes\n',
    'notes.txt': 'notes\n',
  });
}

/** Writes files below a folder. */
export function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}
