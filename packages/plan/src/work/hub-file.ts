const HUBS: readonly (readonly [RegExp, string])[] = [
  [
    /(?:^|\/)(?:package-lock\.json|pnpm-lock\.yaml|yarn\.lock|Cargo\.lock|poetry\.lock|uv\.lock|go\.sum|Gemfile\.lock|composer\.lock)$/u,
    'lock file',
  ],
  [
    /(?:^|\/)(?:package\.json|Cargo\.toml|pyproject\.toml|requirements[^/]*\.txt|go\.mod|Gemfile|composer\.json|pom\.xml|build\.gradle(?:\.kts)?)$/u,
    'manifest',
  ],
  [
    /(?:^|\/)(?:tsconfig[^/]*\.json|docker-compose[^/]*\.ya?ml|compose\.ya?ml|Dockerfile|Makefile|\.env[^/]*)$/u,
    'build settings',
  ],
  [
    /(?:^|\/)(?:schema\.prisma|schema\.sql|openapi\.ya?ml|openapi\.json)$|(?:^|\/)migrations?\//u,
    'schema or migration',
  ],
  [/^\.(?:github|gitlab|circleci)(?:\/|-ci)/u, 'CI'],
  [
    /(?:^|\/)(?:index|mod|lib|main|app|routes?|router|registry)\.(?:[cm]?[jt]sx?|rs|py|go|dart)$|(?:^|\/)__init__\.py$/u,
    'barrel or registry',
  ],
  [/(?:^|\/)(?:README|CHANGELOG)(?:\.[a-z]+)?$/iu, 'document of the whole project'],
];

/** What kind of shared hub a path is (manifest, lock file, barrel …), `undefined` for an ordinary file. */
export function hubKindOf(path: string): string | undefined {
  return HUBS.find(([pattern]) => pattern.test(path))?.[1];
}

/** True for files that many tasks add a line to and where the order of the lines does not matter. */
export function isHubFile(path: string): boolean {
  return hubKindOf(path) !== undefined;
}

const ALWAYS_SHARED: ReadonlySet<string> = new Set(['lock file', 'manifest', 'schema or migration', 'CI']);

/** The kind of a file that is never given to one agent alone, `undefined` for any other. */
export function alwaysShared(path: string): string | undefined {
  const kind = hubKindOf(path);
  return kind !== undefined && ALWAYS_SHARED.has(kind) ? kind : undefined;
}

/** The folder of shared code that a path lies in, as `shared/`. */
export function sharedFolderOf(path: string): string | undefined {
  return /^(?:(?:packages|src|libs)\/)?(?:shared|contracts)\//u.exec(path)?.[0];
}

/** True for a path in a folder of shared code. */
export function isSharedPath(path: string): boolean {
  return sharedFolderOf(path) !== undefined;
}
