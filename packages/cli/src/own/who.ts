import { pathResource, type HeldLease } from '#lock';
import { isOwner, judgeWrite, resolveOwner, type Resolution } from '#ownership';
import { EXIT, renderDuration } from '#protocol';
import { toRepoPath } from '#store';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION } from '../shell/squad.ts';
import { nextCommands } from './next-commands.ts';
import { shownPath } from './path-words.ts';
import { openOwnership, type OwnershipDesk } from './open-ownership.ts';

/** `squad-own who`. */
export const whoCommand: Command = {
  name: 'who',
  summary: 'Whose a path is, by which rule and why, and who holds it now',
  positionals: '<path…>',
  minPositionals: 1,
  options: AGENT_OPTION,
  examples: [
    'squad-own who shared/types/metrics.ts',
    'squad-own who frontend/App.tsx --agent agent-2 --json',
  ],
  action: who,
};

async function who(call: Call): Promise<Outcome> {
  const desk = await openOwnership(call);
  const answers = call.positionals.map((typed) => {
    const path = toRepoPath(call.io.store, desk.squad, { path: typed, cwd: call.io.cwd });
    const resolution = resolveOwner(desk.matrix, path);
    const leases = desk.locks.leasesOn(pathResource(path)).filter(({ reserved }) => !reserved);
    return { path, resolution, leases };
  });
  const json = answers.map((answer) => jsonOf(desk, answer));
  return {
    exitCode: EXIT.done,
    json: json.length === 1 ? json[0] : { paths: json },
    text: answers.map((answer) => wordsOf(desk, answer)).join('\n'),
  };
}

interface Answer {
  readonly path: string;
  readonly resolution: Resolution;
  readonly leases: readonly HeldLease[];
}

function jsonOf(desk: OwnershipDesk, { path, resolution, leases }: Answer): unknown {
  const rule = resolution.kind === 'ambiguous' ? undefined : resolution.rule;
  return {
    path,
    kind: resolution.kind,
    owner: rule?.owner ?? null,
    access: rule?.access ?? null,
    rule:
      resolution.kind === 'ruled' ? { pattern: resolution.rule.pattern, line: resolution.rule.line } : null,
    why: resolution.why,
    ...(resolution.kind === 'ruled'
      ? { beaten: resolution.beaten.map(({ pattern, line }) => ({ pattern, line })) }
      : {}),
    ...(resolution.kind === 'ambiguous'
      ? { rules: resolution.rules.map(({ pattern, line }) => ({ pattern, line })) }
      : {}),
    ...(rule?.order === undefined ? {} : { order: rule.order }),
    holders: leases.map(({ resource, agent, token, purpose, expiresAt, alive }) => ({
      resource,
      agent,
      token,
      ...(purpose === undefined ? {} : { purpose }),
      expiresAt: new Date(expiresAt).toISOString(),
      alive,
    })),
    ...mineJson(desk, path),
  };
}

function mineJson(desk: OwnershipDesk, path: string): object {
  if (desk.self === undefined) return {};
  const verdict = judgeWrite(desk.matrix, { path, actor: desk.actors.actor(desk.self) });
  return { you: { agent: desk.self, mayWrite: verdict.kind === 'allowed', why: verdict.why } };
}

function wordsOf(desk: OwnershipDesk, { path, resolution, leases }: Answer): string {
  const lines = [shownPath(path)];
  if (resolution.kind === 'ambiguous') {
    const places = resolution.rules.map(({ pattern, line }) => `${pattern} (${desk.matrixPath}:${line})`);
    lines.push(
      `  owner   undecided: ${places.join(' and ')} disagree, and none is more specific`,
      '  next    squad-own lint',
    );
  } else {
    const { rule } = resolution;
    lines.push(`  owner   ${rule.owner}`, `  access  ${rule.access}`);
    if (resolution.kind === 'ruled')
      lines.push(`  rule    ${resolution.rule.pattern} (${desk.matrixPath}:${resolution.rule.line})`);
    lines.push(`  why     ${resolution.why}${rule.why === undefined ? '' : ` (${rule.why})`}`);
    if (rule.order !== undefined) lines.push(`  order   ${rule.order.join(' → ')}`);
  }
  lines.push(...leases.map((lease) => `  held    ${holderOf(lease)}`));
  if (leases.length === 0) lines.push('  held    by nobody');
  return [...lines, ...mineWords(desk, path, resolution)].join('\n');
}

function holderOf(lease: HeldLease): string {
  const purpose = lease.purpose === undefined ? '' : `, "${lease.purpose}"`;
  const dead = lease.alive === 'dead' ? ', its process is gone' : '';
  return `${lease.resource} by ${lease.agent}${purpose}, ${renderDuration(lease.remainingMs)} left, token ${lease.token}${dead}`;
}

function mineWords(desk: OwnershipDesk, path: string, resolution: Resolution): string[] {
  if (desk.self === undefined || resolution.kind === 'ambiguous') return [];
  const actor = desk.actors.actor(desk.self);
  const verdict = judgeWrite(desk.matrix, { path, actor });
  if (verdict.kind === 'refused') {
    return [
      `  you     may not: ${verdict.why}`,
      `  next    ${nextCommands(verdict.reason, desk.typed(path), desk)[0] ?? ''}`,
    ];
  }
  const isMine = isOwner(resolution.rule.owner, actor);
  return isMine || !verdict.needsLease
    ? [`  you     may write it: ${verdict.why}`]
    : [
        '  you     may write it while you hold its lease',
        `  next    squad-lock acquire ${desk.typed(path).word}`,
      ];
}
