/** The pairs that comparison of pattern texts gets wrong, in the order in which they were collected. */
const KNOWN_TRAPS: readonly (readonly [string, string])[] = [
  ['src/**/*.ts', 'src/api/**'],
  ['src/*.ts', 'src/a*'],
  ['**/*.ts', 'src/**'],
  ['src/a?.ts', 'src/*b.ts'],
  ['src/[ab].ts', 'src/b.*'],
  ['src/a/**/x.ts', 'src/**/y/x.ts'],
  ['src/**', 'src/a.ts'],
  ['src/{a,b}.ts', 'src/b.ts'],
  ['src/**', 'src/api/**'],
  ['src/**/*.ts', 'src/**/*.css'],
  ['src/a.ts', 'src/a.tsx'],
  ['src/api/**', 'src/api-client/**'],
  ['src/user.ts', 'src/users.ts'],
  ['src/*.ts', 'src/api/x.ts'],
];

// One of each kind of pattern that matrices, locks and plans hold; every pair of them is a case.
const PATTERNS: readonly string[] = [
  '/frontend',
  '/frontend/**/*.css',
  'frontend/*',
  '**/*.ts',
  '**/*.{ts,tsx}',
  '**/*.test.ts',
  'src/**',
  'src/*/index.ts',
  'src/**/api/**',
  'src/api/',
  'src/api/routes.ts',
  'src/[a-m]*/**',
  'src/[!a-m]*/**',
  'src/??.ts',
  'src/a*b*c.ts',
  'src/{api,web}/**/v{1..3}/*.ts',
  'packages/*/src/**',
  'packages/{core,cli}/src',
  '**/node_modules',
  '.github/workflows/*.yml',
  'docs/**/README.md',
  '*.md',
  'CHANGELOG.d',
  'CHANGELOG.d/agent-*-*.md',
  'Dockerfile',
  '**',
];

/** Every published pair. */
export function overlapPairs(): readonly (readonly [string, string])[] {
  const crossed = PATTERNS.flatMap((a, index) => PATTERNS.slice(index + 1).map((b) => [a, b] as const));
  return [...KNOWN_TRAPS, ...crossed];
}
