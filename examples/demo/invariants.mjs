// What must hold after the demo, each checked from what is on disk and in git.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './project.mjs';

/** Every broken invariant, in words; empty when all hold. */
export function brokenInvariants({ root, allocation, agents, locks, status }) {
  const events = readFileSync(join(root, '.squad/logs/events.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return [
    ...agents.filter(({ code }) => code !== 0).map(({ id, code }) => `${id} exited with ${code}`),
    ...(locks.leases.length === 0 ? [] : [`locks are left: ${JSON.stringify(locks.leases)}`]),
    ...leftovers(root),
    ...unfinished(root, allocation, status),
    ...foreignCommits(root, allocation),
    ...overlappingHolders(events),
    ...(status.conflicts.length === 0 ? [] : [`conflicts were found: ${JSON.stringify(status.conflicts)}`]),
    ...(git(root, 'status', '--porcelain') === ''
      ? []
      : [`uncommitted changes are left:\n${git(root, 'status', '--porcelain')}`]),
    ...['.squad/reports/status.md', '.squad/reports/status.json']
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${path} is missing`),
  ];
}

function leftovers(root) {
  const views = readdirSync(join(root, '.squad/locks')).filter((name) => name.endsWith('.lock'));
  return views.map((name) => `a lock file is left: ${name}`);
}

// Every task must be complete by what its agent's comm file proves, and the coordinator must have seen the same.
function unfinished(root, allocation, status) {
  return allocation.tasks.flatMap(({ id, agent }) => {
    const comm = readFileSync(join(root, `.squad/comms/${agent}-comm.md`), 'utf8');
    const isProven = new RegExp(`## Completion Report[^#]*\\b${id}\\b[^#]*- exit 0`, 'su').test(comm);
    const seen = status.tasks.find((task) => task.id === id)?.state;
    return [
      ...(isProven ? [] : [`${agent} has no completion report with evidence for ${id}`]),
      ...(seen === 'complete' ? [] : [`the coordinator sees ${id} as ${seen}`]),
    ];
  });
}

// An EXCLUSIVE path may only have commits by its owner.
function foreignCommits(root, { ownership }) {
  const log = git(root, 'log', '--format=%x00%an', '--name-only', 'HEAD', '--not', 'allocated');
  const commits = log
    .split('\0')
    .filter(Boolean)
    .map((entry) => entry.trim().split('\n').filter(Boolean));
  const exclusive = ownership
    .filter(({ access }) => access === 'EXCLUSIVE')
    .map(({ path, owner }) => ({ path: path.replace(/^\//u, '').replace(/\/?\**$/u, ''), owner }));
  return commits.flatMap(([author, ...paths]) =>
    paths.flatMap((path) => {
      const rule = exclusive
        .filter((row) => path === row.path || path.startsWith(`${row.path}/`))
        .toSorted((a, b) => b.path.length - a.path.length)[0];
      return rule === undefined || rule.owner === author
        ? []
        : [`${author} committed ${path}, which ${rule.owner} owns`];
    }),
  );
}

// From the journal: at no time two agents held one path.
function overlappingHolders(events) {
  const holder = new Map();
  const broken = [];
  for (const { kind, agent, data } of events) {
    for (const path of data?.resources ?? []) {
      if (kind === 'lock.acquired') {
        const other = holder.get(path);
        if (other !== undefined && other !== agent)
          broken.push(`${path} was granted to ${agent} while ${other} held it`);
        holder.set(path, agent);
      }
      if (kind === 'lock.released') holder.delete(path);
      if (kind === 'lock.transferred') holder.set(path, data.to);
    }
  }
  return broken;
}
