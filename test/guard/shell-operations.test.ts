import { analyseShell, DEFAULT_ZONES, findOperations } from '#guard';
import { expect, test } from 'vitest';

function zonesOf(command: string): readonly string[] {
  const { commands } = analyseShell(command, { cwd: '/r', home: undefined });
  return findOperations(commands, DEFAULT_ZONES).map(({ zone, command: matched }) => `${zone}: ${matched}`);
}

test.each([
  ['git commit -m "x"', 'git: git commit'],
  ['git add . && git commit -m "x"', 'git: git commit'],
  ['git -C web -c user.name=x commit -m x', 'git: git commit'],
  ['cd web && git merge main', 'git: git merge'],
  ['git rebase -i main', 'git: git rebase'],
  ['git reset --hard', 'git: git reset'],
  ['git checkout main', 'git: git checkout'],
  ['git checkout -b topic', 'git: git checkout'],
  ['git switch main', 'git: git switch'],
  ['git stash', 'git: git stash'],
  ['git stash pop', 'git: git stash'],
  ['git pull --rebase', 'git: git pull'],
  ['git cherry-pick abc', 'git: git cherry-pick'],
  ['git clean -fd', 'git: git clean'],
  ['npm install', 'install: npm install'],
  ['npm i lodash', 'install: npm i'],
  ['npm --prefix web ci', 'install: npm ci'],
  ['sudo npm i -g x', 'install: npm i'],
  ['pnpm add -D x', 'install: pnpm add'],
  ['yarn add x', 'install: yarn add'],
  ['bun install', 'install: bun install'],
  ['pip install -r requirements.txt', 'install: pip install'],
  ['python -m pip install x', 'install: python -m pip install'],
  ['uv sync', 'install: uv sync'],
  ['bundle install', 'install: bundle install'],
  ['go mod tidy', 'install: go mod tidy'],
  ['npx prisma migrate deploy', 'migrations: prisma migrate'],
  ['pnpm exec drizzle-kit push', 'migrations: drizzle-kit push'],
  ['alembic upgrade head', 'migrations: alembic upgrade'],
  ['python manage.py migrate', 'migrations: python manage.py migrate'],
  ['bundle exec rails db:migrate', 'migrations: rails db:migrate'],
  ['terraform apply -auto-approve', 'deploy: terraform apply'],
  ['kubectl apply -f x.yaml', 'deploy: kubectl apply'],
  ['npm publish --access public', 'deploy: npm publish'],
  ['(cd web; npx vercel deploy --prod)', 'deploy: vercel deploy'],
  ["bash -c 'git commit -m x'", 'git: git commit'],
  ['echo $(git stash)', 'git: git stash'],
])('%s enters %s', (command, zone) => {
  expect(zonesOf(command)).toEqual([zone]);
});

test.each([
  'git status',
  'git log --oneline',
  'git diff',
  'git add a.ts',
  'git stash list',
  'git commit --dry-run',
  'git checkout -- a.ts',
  'git checkout HEAD -- a.ts',
  'npm test',
  'npm run install-hooks',
  'npm publish --dry-run',
  'echo git commit',
  'grep "npm install" README.md',
  'terraform plan',
  'kubectl get pods',
  'python manage.py runserver',
  'squad-own commit -m x',
  'squad-lock run op:git -- git commit -m x',
])('%s enters no zone', (command) => {
  expect(zonesOf(command)).toEqual([]);
});

test('a line may enter several zones, each once', () => {
  expect(zonesOf('npm ci && git commit -am x && git push && git stash')).toEqual([
    'git: git commit',
    'install: npm ci',
  ]);
});

test('zones of the matrix are matched the same way', () => {
  const { commands } = analyseShell('make release VERSION=2', { cwd: '/r', home: undefined });
  expect(findOperations(commands, { release: ['make release'] })).toEqual([
    { zone: 'release', command: 'make release' },
  ]);
});
