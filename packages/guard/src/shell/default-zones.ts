import type { Zone } from '#protocol';
import { plainName } from './plain-name.ts';

/**
 * Commands that must never run twice at a time, by zone: those that a program with these words (without its options) may be. A
 * command line counts when it begins with one of them.
 */
export type OperationZones = Readonly<
  Record<string, (program: string, words: readonly string[]) => readonly string[]>
>;

// What counts when the matrix names no zones of its own: verbs by program.
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  git: {
    git: 'am | bisect | checkout | cherry-pick | clean | commit | filter-branch | merge | pull | rebase | reset | revert | sparse-checkout | stash | switch',
  },
  install: {
    apk: 'add | del',
    apt: 'install | remove | upgrade',
    'apt-get': 'install | remove | upgrade | dist-upgrade',
    brew: 'install | uninstall | upgrade',
    bun: 'a | add | i | install | link | remove | rm | update',
    bundle: 'add | install | lock | remove | update',
    cargo: 'add | install | remove | rm | uninstall | update',
    composer: 'i | install | remove | require | update',
    conda: 'create | install | remove | update',
    dnf: 'install | remove | upgrade',
    dotnet: 'add | remove | restore',
    flutter: 'pub add | pub get | pub upgrade',
    gem: 'install | uninstall | update',
    go: 'get | mod tidy | mod vendor | work sync',
    mamba: 'create | install | remove | update',
    mix: 'deps.get | deps.update',
    npm: 'add | audit fix | ci | cit | clean-install | dedupe | i | ic | in | install | install-ci-test | install-test | it | link | prune | r | rebuild | remove | rm | un | uninstall | unlink | up | update | upgrade',
    pdm: 'add | install | lock | remove | sync | update',
    pip: 'install | uninstall',
    pipenv: 'install | lock | sync | uninstall | update',
    pnpm: 'add | ci | dedupe | i | import | install | link | prune | rebuild | remove | rm | un | uninstall | up | update | upgrade',
    pod: 'install | update',
    poetry: 'add | install | lock | remove | sync | update',
    uv: 'add | lock | pip install | pip sync | pip uninstall | remove | sync | tool install',
    yarn: 'add | dedupe | global add | import | install | link | remove | up | upgrade | upgrade-interactive',
    yum: 'install | remove | update',
  },
  migrations: {
    alembic: 'downgrade | stamp | upgrade',
    artisan: 'migrate | migrate:fresh | migrate:refresh | migrate:reset | migrate:rollback',
    atlas: 'migrate apply | schema apply',
    console: 'doctrine:migrations:migrate',
    dbmate: 'down | drop | migrate | rollback | up',
    diesel: 'migration redo | migration revert | migration run',
    django: 'migrate',
    'django-admin': 'migrate',
    dotnet: 'ef database update',
    'drizzle-kit': 'migrate | push',
    flask: 'db downgrade | db upgrade',
    flyway: 'clean | migrate | repair | undo',
    goose: 'down | reset | up',
    hasura: 'migrate apply',
    knex: 'migrate:down | migrate:latest | migrate:rollback | migrate:up | seed:run',
    liquibase: 'rollback | update',
    'manage.py': 'flush | migrate',
    migrate: 'down | drop | force | goto | up',
    'mikro-orm': 'migration:down | migration:up',
    mix: 'ecto.migrate | ecto.reset | ecto.rollback',
    prisma: 'db execute | db push | db seed | migrate deploy | migrate dev | migrate reset | migrate resolve',
    rails: 'db:drop | db:migrate | db:reset | db:rollback | db:schema:load | db:seed | db:setup',
    rake: 'db:drop | db:migrate | db:reset | db:rollback | db:schema:load | db:seed | db:setup',
    'sea-orm-cli': 'migrate down | migrate fresh | migrate refresh | migrate reset | migrate up',
    sequelize: 'db:migrate | db:migrate:undo | db:migrate:undo:all | db:seed:all',
    'sequelize-cli': 'db:migrate | db:migrate:undo | db:migrate:undo:all | db:seed:all',
    sqlx: 'database drop | database reset | database setup | migrate revert | migrate run',
    supabase: 'db push | db reset | migration up',
    typeorm: 'migration:revert | migration:run | schema:sync',
  },
  deploy: {
    cap: 'production deploy | staging deploy',
    cargo: 'publish',
    cdk: 'deploy | destroy',
    changeset: 'publish',
    docker: 'push',
    eb: 'deploy',
    firebase: 'deploy',
    fly: 'deploy',
    flyctl: 'deploy',
    gcloud: 'app deploy | functions deploy | run deploy',
    gem: 'push',
    gh: 'release create',
    helm: 'install | rollback | uninstall | upgrade',
    kamal: 'deploy | redeploy | rollback',
    kubectl: 'apply | create | delete | patch | replace | scale | set',
    lerna: 'publish',
    netlify: 'deploy',
    npm: 'publish | unpublish',
    pnpm: 'deploy | publish',
    poetry: 'publish',
    pulumi: 'destroy | up',
    sam: 'deploy',
    serverless: 'deploy | remove',
    sls: 'deploy | remove',
    terraform: 'apply | destroy | import',
    tofu: 'apply | destroy | import',
    twine: 'upload',
    uv: 'publish',
    vercel: 'deploy | promote | rollback',
    wrangler: 'deploy | publish',
    yarn: 'npm publish | publish',
  },
};

/** The never-parallel operations of a repository: the defaults, each replaced by a zone of the same name. */
export function zonesWith(own: Readonly<Record<string, Zone>>): OperationZones {
  const zones: Record<string, OperationZones[string]> = {};
  for (const [zone, verbs] of Object.entries(DEFAULTS))
    zones[zone] = (program, words) =>
      Object.hasOwn(verbs, program)
        ? verbsAmong(verbs[program] ?? '', words).map((verb) => `${program} ${verb}`)
        : [];
  for (const [zone, { commands }] of Object.entries(own))
    zones[zone] = (program) => commands.filter((command) => isOf(command, program));
  return zones;
}

function verbsAmong(verbs: string, words: readonly string[]): readonly string[] {
  const line = `${words.join(' ')} `;
  return verbs.split(' | ').filter((verb) => line.startsWith(`${verb} `));
}

function isOf(command: string, program: string): boolean {
  const [name = ''] = command.trim().split(/\s+/u);
  return name === program || plainName(name) === program;
}
