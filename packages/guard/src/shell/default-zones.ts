import type { Zone } from '#protocol';

/** Commands that must never run twice at a time, by zone: a command line counts when it begins with one of them. */
export type OperationZones = Readonly<Record<string, readonly string[]>>;

function each(program: string, verbs: string): readonly string[] {
  return verbs.split(' | ').map((verb) => `${program} ${verb}`);
}

/** What counts when the matrix names no zones of its own; a zone of the same name replaces it. */
const DEFAULT_ZONES: OperationZones = {
  git: each(
    'git',
    'am | bisect | checkout | cherry-pick | clean | commit | filter-branch | merge | pull | rebase | reset | revert | sparse-checkout | stash | switch',
  ),
  install: [
    ...each('apk', 'add | del'),
    ...each('apt', 'install | remove | upgrade'),
    ...each('apt-get', 'install | remove | upgrade | dist-upgrade'),
    ...each('brew', 'install | uninstall | upgrade'),
    ...each('bun', 'a | add | i | install | link | remove | rm | update'),
    ...each('bundle', 'add | install | lock | remove | update'),
    ...each('cargo', 'add | install | remove | rm | uninstall | update'),
    ...each('composer', 'i | install | remove | require | update'),
    ...each('conda', 'create | install | remove | update'),
    ...each('dnf', 'install | remove | upgrade'),
    ...each('dotnet', 'add | remove | restore'),
    ...each('flutter', 'pub add | pub get | pub upgrade'),
    ...each('gem', 'install | uninstall | update'),
    ...each('go', 'get | mod tidy | mod vendor | work sync'),
    ...each('mamba', 'create | install | remove | update'),
    ...each('mix', 'deps.get | deps.update'),
    ...each(
      'npm',
      'add | audit fix | ci | cit | clean-install | dedupe | i | ic | in | install | install-ci-test | install-test | it | link | prune | r | rebuild | remove | rm | un | uninstall | unlink | up | update | upgrade',
    ),
    ...each('pdm', 'add | install | lock | remove | sync | update'),
    ...each('pip', 'install | uninstall'),
    ...each('pipenv', 'install | lock | sync | uninstall | update'),
    ...each(
      'pnpm',
      'add | ci | dedupe | i | import | install | link | prune | rebuild | remove | rm | un | uninstall | up | update | upgrade',
    ),
    ...each('pod', 'install | update'),
    ...each('poetry', 'add | install | lock | remove | sync | update'),
    ...each('uv', 'add | lock | pip install | pip sync | pip uninstall | remove | sync | tool install'),
    ...each(
      'yarn',
      'add | dedupe | global add | import | install | link | remove | up | upgrade | upgrade-interactive',
    ),
    ...each('yum', 'install | remove | update'),
  ],
  migrations: [
    ...each('alembic', 'downgrade | stamp | upgrade'),
    ...each('artisan', 'migrate | migrate:fresh | migrate:refresh | migrate:reset | migrate:rollback'),
    ...each('atlas', 'migrate apply | schema apply'),
    ...each('console', 'doctrine:migrations:migrate'),
    ...each('dbmate', 'down | drop | migrate | rollback | up'),
    ...each('diesel', 'migration redo | migration revert | migration run'),
    ...each('django', 'migrate'),
    ...each('django-admin', 'migrate'),
    ...each('dotnet', 'ef database update'),
    ...each('drizzle-kit', 'migrate | push'),
    ...each('flask', 'db downgrade | db upgrade'),
    ...each('flyway', 'clean | migrate | repair | undo'),
    ...each('goose', 'down | reset | up'),
    ...each('hasura', 'migrate apply'),
    ...each('knex', 'migrate:down | migrate:latest | migrate:rollback | migrate:up | seed:run'),
    ...each('liquibase', 'rollback | update'),
    ...each('manage.py', 'flush | migrate'),
    ...each('migrate', 'down | drop | force | goto | up'),
    ...each('mikro-orm', 'migration:down | migration:up'),
    ...each('mix', 'ecto.migrate | ecto.reset | ecto.rollback'),
    ...each(
      'prisma',
      'db execute | db push | db seed | migrate deploy | migrate dev | migrate reset | migrate resolve',
    ),
    ...each('rails', 'db:drop | db:migrate | db:reset | db:rollback | db:schema:load | db:seed | db:setup'),
    ...each('rake', 'db:drop | db:migrate | db:reset | db:rollback | db:schema:load | db:seed | db:setup'),
    ...each('sea-orm-cli', 'migrate down | migrate fresh | migrate refresh | migrate reset | migrate up'),
    ...each('sequelize', 'db:migrate | db:migrate:undo | db:migrate:undo:all | db:seed:all'),
    ...each('sequelize-cli', 'db:migrate | db:migrate:undo | db:migrate:undo:all | db:seed:all'),
    ...each('sqlx', 'database drop | database reset | database setup | migrate revert | migrate run'),
    ...each('supabase', 'db push | db reset | migration up'),
    ...each('typeorm', 'migration:revert | migration:run | schema:sync'),
  ],
  deploy: [
    ...each('cap', 'production deploy | staging deploy'),
    ...each('cargo', 'publish'),
    ...each('cdk', 'deploy | destroy'),
    ...each('changeset', 'publish'),
    ...each('docker', 'push'),
    ...each('eb', 'deploy'),
    ...each('firebase', 'deploy'),
    ...each('fly', 'deploy'),
    ...each('flyctl', 'deploy'),
    ...each('gcloud', 'app deploy | functions deploy | run deploy'),
    ...each('gem', 'push'),
    ...each('gh', 'release create'),
    ...each('helm', 'install | rollback | uninstall | upgrade'),
    ...each('kamal', 'deploy | redeploy | rollback'),
    ...each('kubectl', 'apply | create | delete | patch | replace | scale | set'),
    ...each('lerna', 'publish'),
    ...each('netlify', 'deploy'),
    ...each('npm', 'publish | unpublish'),
    ...each('pnpm', 'deploy | publish'),
    ...each('poetry', 'publish'),
    ...each('pulumi', 'destroy | up'),
    ...each('sam', 'deploy'),
    ...each('serverless', 'deploy | remove'),
    ...each('sls', 'deploy | remove'),
    ...each('terraform', 'apply | destroy | import'),
    ...each('tofu', 'apply | destroy | import'),
    ...each('twine', 'upload'),
    ...each('uv', 'publish'),
    ...each('vercel', 'deploy | promote | rollback'),
    ...each('wrangler', 'deploy | publish'),
    ...each('yarn', 'npm publish | publish'),
  ],
};

/** The never-parallel operations of a repository: the defaults, each replaced by a zone of the same name. */
export function zonesWith(own: Readonly<Record<string, Zone>>): OperationZones {
  const replaced = Object.entries(own).map(([name, { commands }]) => [name, commands] as const);
  return { ...DEFAULT_ZONES, ...Object.fromEntries(replaced) };
}
