import { join } from 'node:path';
import { printableLine } from '#protocol';
import { forAllFolders } from '../init/clients/for-all-folders.ts';
import { parseJsonc, type JsonProblem } from '../init/clients/jsonc-tree.ts';
import { INSTALLABLE, LAUNCHER, type InstallableClient } from '../init/clients/client-file.ts';
import { codexTraps } from './codex-traps.ts';
import type { DoctorScene, Finding } from './finding.ts';
import { guardCommand } from './guard-command.ts';
import { probeHook, type Probe } from './probe-guard.ts';
import { trapsOf } from './fail-open-traps.ts';
import { userInstallation } from './user-installation.ts';

const HOOK_FILE: Readonly<Record<InstallableClient, string>> = {
  claude: '.claude/settings.json',
  codex: '.codex/hooks.json',
  gemini: '.gemini/settings.json',
  opencode: '.opencode/plugins/dotsquad.js',
  cursor: '.cursor/hooks.json',
};

/** For each client: installed where, does its hook fire, and what would let an edit through all the same. */
export async function checkClients(scene: DoctorScene): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const client of INSTALLABLE) findings.push(...(await checkClient(scene, client)));
  const isInstalled = findings.some(({ severity }) => severity === 'ok');
  if (!isInstalled && findings.length === 0)
    findings.push({
      check: 'clients',
      severity: 'warning',
      message: 'no client asks the guard here',
      advice: 'squad-init --claude (or --codex, --gemini, --opencode, --cursor)',
    });
  return findings;
}

async function checkClient(scene: DoctorScene, client: InstallableClient): Promise<readonly Finding[]> {
  const personal = userInstallation(scene, client);
  const project = await checkProject(scene, client, personal !== undefined);
  if (personal === undefined) return project;
  const { name, command } = personal;
  const lost = { kind: 'silent', exitCode: null, said: 'its files are gone' } as const;
  const probe = command === undefined ? lost : await probeHook(command, placeOf(scene));
  const traps =
    client === 'codex' && probe.kind === 'fires' ? await codexTraps(scene, { kind: 'plugin' }) : [];
  return [firing(probe, { client, what: name, advice: reinstall(scene, client) }), ...traps, ...project];
}

function reinstall({ io }: DoctorScene, client: InstallableClient): string {
  return client === 'claude' || client === 'gemini'
    ? forAllFolders(io.store, client)
    : 'codex plugin add squad@dotsquad';
}

async function checkProject(
  scene: DoctorScene,
  client: InstallableClient,
  isElsewhere: boolean,
): Promise<readonly Finding[]> {
  const { mainRoot: root } = scene.home;
  const file = HOOK_FILE[client];
  const text = scene.io.store.readText(join(root, file));
  if (text === undefined || !text.includes(LAUNCHER)) return [];
  const parsed = client === 'opencode' ? undefined : parseJsonc(text);
  if (parsed !== undefined && !parsed.ok) return [unreadable(client, file, { text, problem: parsed.error })];
  const command = client === 'opencode' ? openCodeCommand(root) : guardCommand(text);
  if (command === undefined) {
    const message = `${file} has no hook that asks the guard before an edit`;
    return [{ check: client, severity: 'error', message, advice: `squad-init --${client}` }];
  }
  const probe = await probeHook(command, placeOf(scene));
  const fires = firing(probe, { client, what: file, advice: `npm install, then squad-init --${client}` });
  return [fires, ...(await trapsOf(scene, client, { text, file, command, isElsewhere }))];
}

// What a client makes of settings that it cannot read differs; none says that it passes over them.
function unreadable(
  client: InstallableClient,
  file: string,
  { text, problem }: { readonly text: string; readonly problem: JsonProblem },
): Finding {
  const line = text.slice(0, problem.offset).split('\n').length;
  const message = `${file}:${line} is no JSON (expected ${problem.expected}): the guard may not fire`;
  return {
    check: client,
    severity: 'error',
    message,
    advice: `correct ${file}, then squad-init --${client}`,
  };
}

function placeOf({ io, home }: DoctorScene): { readonly root: string; readonly env: NodeJS.ProcessEnv } {
  return { root: home.mainRoot, env: io.env };
}

function firing(
  probe: Probe,
  { client, what, advice }: { readonly client: string; readonly what: string; readonly advice: string },
): Finding {
  if (probe.kind === 'fires') return { check: client, severity: 'ok', message: `${what}: the guard fires` };
  const message = `${what}: the guard does not fire (exit ${probe.exitCode ?? 'none'}): ${printableLine(probe.said, 200)}`;
  return { check: client, severity: 'error', message, advice };
}

function openCodeCommand(root: string): string {
  return `node '${root.replaceAll("'", `'\\''`)}/.opencode/${LAUNCHER}' guard pre-tool --client opencode`;
}
