import { join } from 'node:path';
import { printableLine } from '#protocol';
import { INSTALLABLE, LAUNCHER, type InstallableClient } from '../init/clients/client-file.ts';
import { parseJsonc, valueOf } from '../init/clients/jsonc-tree.ts';
import type { DoctorScene, Finding } from './finding.ts';
import { probeHook } from './probe-guard.ts';
import { trapsOf } from './fail-open-traps.ts';

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
      message: 'no client asks the guard here (a plugin of user scope cannot be seen from here)',
      advice: 'squad-init --claude (or --codex, --gemini, --opencode, --cursor)',
    });
  return findings;
}

async function checkClient(scene: DoctorScene, client: InstallableClient): Promise<readonly Finding[]> {
  const { store, env } = scene.io;
  const { mainRoot: root } = scene.home;
  const file = HOOK_FILE[client];
  const text = store.readText(join(root, file));
  if (text === undefined || !text.includes(LAUNCHER)) return [];
  const command = client === 'opencode' ? openCodeCommand(root) : guardCommand(text);
  if (command === undefined) {
    const message = `${file} has no hook that asks the guard before an edit`;
    return [{ check: client, severity: 'error', message, advice: `squad-init --${client}` }];
  }
  const probe = await probeHook(command, { root, env });
  const fires: Finding =
    probe.kind === 'fires'
      ? { check: client, severity: 'ok', message: `${file}: the guard fires` }
      : {
          check: client,
          severity: 'error',
          message: `${file}: the guard does not fire (exit ${probe.exitCode ?? 'none'}): ${printableLine(probe.said, 200)}`,
          advice: `npm install, then squad-init --${client}`,
        };
  return [fires, ...(await trapsOf(scene, client, { text, file, command }))];
}

function openCodeCommand(root: string): string {
  return `node '${root.replaceAll("'", `'\\''`)}/.opencode/${LAUNCHER}' guard pre-tool --client opencode`;
}

// The command of the pre-tool hook, wherever the client's settings put it.
function guardCommand(text: string): string | undefined {
  const parsed = parseJsonc(text);
  if (!parsed.ok) return undefined;
  const open: unknown[] = [valueOf(parsed.value)];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if ('command' in value && typeof value.command === 'string' && /\bguard pre-tool\b/u.test(value.command))
      return value.command;
    open.push(...Object.values(value));
  }
  return undefined;
}
