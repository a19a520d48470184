/** Commands that must never run twice at a time, by zone: a command line counts when it begins with one of them. */
export type OperationZones = Readonly<Record<string, readonly string[]>>;

/** A never-parallel operation that a command line would run. */
export interface ShellOperation {
  readonly zone: string;
  /** The zone's command that it matched. */
  readonly command: string;
}

/** What counts when the matrix names no zones of its own; a zone of the same name replaces it. */
export const DEFAULT_ZONES: OperationZones = {
  git: [
    'git am',
    'git checkout',
    'git cherry-pick',
    'git clean',
    'git commit',
    'git merge',
    'git pull',
    'git rebase',
    'git reset',
    'git revert',
    'git stash',
    'git switch',
  ],
  install: [
    'apt install',
    'apt-get install',
    'bun add',
    'bun install',
    'bun remove',
    'bundle install',
    'bundle update',
    'cargo add',
    'cargo install',
    'composer install',
    'composer require',
    'composer update',
    'gem install',
    'go get',
    'go mod tidy',
    'npm ci',
    'npm i',
    'npm install',
    'npm uninstall',
    'npm update',
    'pip install',
    'pip uninstall',
    'pip3 install',
    'pip3 uninstall',
    'pnpm add',
    'pnpm i',
    'pnpm install',
    'pnpm remove',
    'pnpm update',
    'poetry add',
    'poetry install',
    'python -m pip install',
    'python3 -m pip install',
    'uv add',
    'uv pip install',
    'uv sync',
    'yarn add',
    'yarn install',
    'yarn remove',
    'yarn upgrade',
  ],
  migrations: [
    'alembic downgrade',
    'alembic upgrade',
    'dbmate up',
    'drizzle-kit migrate',
    'drizzle-kit push',
    'flyway migrate',
    'knex migrate:latest',
    'knex migrate:rollback',
    'prisma db push',
    'prisma migrate',
    'python manage.py migrate',
    'python3 manage.py migrate',
    'rails db:migrate',
    'rails db:rollback',
    'rake db:migrate',
    'sequelize db:migrate',
    'sequelize-cli db:migrate',
    'typeorm migration:run',
  ],
  deploy: [
    'cdk deploy',
    'docker push',
    'firebase deploy',
    'fly deploy',
    'flyctl deploy',
    'helm install',
    'helm upgrade',
    'kubectl apply',
    'netlify deploy',
    'npm publish',
    'pnpm publish',
    'serverless deploy',
    'terraform apply',
    'terraform destroy',
    'vercel deploy',
    'wrangler deploy',
  ],
};

// `git checkout -- a.ts`, `git stash list` and the like touch no more than a file, or nothing.
const HARMLESS: readonly (readonly string[])[] = [
  ['git', 'stash', 'list'],
  ['git', 'stash', 'show'],
  ['git', 'checkout', '--'],
];

/** Zones that the commands of an analysed line enter, each once, in the zones' order. */
export function findOperations(
  commands: readonly (readonly string[])[],
  zones: OperationZones,
): readonly ShellOperation[] {
  const candidates = commands.filter((words) => !isHarmless(words));
  return Object.entries(zones).flatMap(([zone, patterns]) => {
    const command = patterns.find((pattern) => candidates.some((words) => startsWith(words, pattern)));
    return command === undefined ? [] : [{ zone, command }];
  });
}

function isHarmless(words: readonly string[]): boolean {
  if (words.includes('--dry-run') || words.includes('--help')) return true;
  const plain = withoutGlobals(words);
  if (plain[0] === 'git' && plain[1] === 'checkout' && plain.includes('--')) return true;
  return HARMLESS.some((start) => start.every((word, index) => plain[index] === word));
}

// The program, then the zone's words in order; options may stand between (`npm --prefix web install`).
function startsWith(words: readonly string[], pattern: string): boolean {
  const wanted = pattern.trim().split(/\s+/u);
  const plain = withoutGlobals(words);
  if (plain[0] !== wanted[0]) return false;
  const verbs = plain.slice(1).filter((word) => !word.startsWith('-') || wanted.includes(word));
  return wanted.slice(1).every((word, index) => verbs[index] === word);
}

const OPTIONS_WITH_VALUE = new Set([
  '-C',
  '-c',
  '--git-dir',
  '--work-tree',
  '--prefix',
  '--cwd',
  '--dir',
  '--filter',
  '-w',
]);

function withoutGlobals(words: readonly string[]): readonly string[] {
  const plain = words.slice(0, 1);
  let at = 1;
  while (at < words.length && words[at]?.startsWith('-') === true) {
    const word = words[at] ?? '';
    if (word === '-m') break;
    at += OPTIONS_WITH_VALUE.has(word) ? 2 : 1;
  }
  return [...plain, ...words.slice(at)];
}
