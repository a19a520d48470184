import { DEFAULT_CONFIG, readConfig } from '#config';
import { openLocks } from '#lock';
import { EXIT, requireDuration } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openSquad } from '../shell/squad.ts';
import { checkClients } from './check-clients.ts';
import { checkFilesystem } from './check-filesystem.ts';
import { checkGitHooks } from './check-git-hooks.ts';
import { checkLeases, checkSessions, checkSettings, checkTornFiles } from './check-state.ts';
import { checkWorktrees } from './check-worktrees.ts';
import type { DoctorScene, Finding } from './finding.ts';

/** `squad-doctor`. */
export const doctorCommand: Command = {
  name: '',
  summary: 'Look for what keeps the squad from working; change nothing unless asked',
  options: {
    fix: { kind: 'flag', summary: 'make the repairs it can make, each proven afterwards' },
  },
  examples: ['squad-doctor', 'squad-doctor --fix'],
  action: examine,
};

interface Report extends Omit<Finding, 'repair'> {
  /** What `--fix` would do. */
  readonly repair?: string;
  readonly repaired?: boolean;
}

async function examine(call: Call): Promise<Outcome> {
  const scene = await openScene(call);
  const findings = [
    ...(await checkSettings(scene)),
    ...(await checkClients(scene)),
    ...(await checkGitHooks(scene)),
    ...checkFilesystem(scene),
    ...checkLeases(scene),
    ...checkSessions(scene),
    ...(await checkWorktrees(scene)),
    ...checkTornFiles(scene),
  ];
  const reports: Report[] = [];
  for (const finding of findings) reports.push(await report(finding, call.flag('fix')));
  const isWell = reports.every(({ severity, repaired }) => severity === 'ok' || repaired === true);
  return {
    exitCode: isWell ? EXIT.done : EXIT.failed,
    json: { healthy: isWell, findings: reports },
    text: describe(reports, call.flag('fix')),
  };
}

async function openScene(call: Call): Promise<DoctorScene> {
  const { io } = call;
  const { squadDir, journal, ...home } = openSquad(io);
  const { store, clock, newId } = io;
  // Unreadable settings are a finding, so they must not end the examination.
  const { lock } = await readConfig(store, squadDir).catch(() => DEFAULT_CONFIG);
  const settings = { ttlMs: requireDuration(lock.ttl), maxHoldMs: requireDuration(lock.maxHold) };
  return {
    io,
    home: { ...home, squadDir },
    locks: openLocks({ store, squadDir, clock, newId, journal }, settings),
  };
}

async function report({ repair, ...finding }: Finding, fix: boolean): Promise<Report> {
  if (repair === undefined) return finding;
  if (!fix) return { ...finding, repair: repair.what };
  await repair.apply();
  return { ...finding, repair: repair.what, repaired: await repair.isDone() };
}

const SIGN = { ok: 'ok     ', warning: 'warning', error: 'error  ' } as const;

function describe(reports: readonly Report[], fixed: boolean): string {
  const lines = reports.flatMap(({ check, severity, message, advice, repair, repaired }) => [
    `${SIGN[severity]} ${check}: ${message}`,
    ...(advice === undefined ? [] : [`          do: ${advice}`]),
    ...(repair === undefined
      ? []
      : [
          `          ${repaired === undefined ? '--fix would' : repaired ? 'done:' : 'tried in vain:'} ${repair}`,
        ]),
  ]);
  const canFix = reports.some(({ repair }) => repair !== undefined);
  return [
    ...lines,
    ...(canFix && !fixed ? ['', 'nothing was changed; to repair: squad-doctor --fix'] : []),
  ].join('\n');
}
