import { hookStates } from '../own/hook-states.ts';
import type { DoctorScene, Finding } from './finding.ts';

/** Whether git runs the hooks that check commits and pushes. To have none is a choice, and no finding. */
export async function checkGitHooks({ io, home }: DoctorScene): Promise<readonly Finding[]> {
  if (!home.isGit) return [];
  const states = await hookStates(io.store, home.mainRoot);
  const run = states.filter(({ isRun }) => isRun).map(({ hook }) => hook);
  const idle = states.filter(({ isRun }) => !isRun);
  return [
    ...(run.length === 0
      ? []
      : [{ check: 'git-hooks', severity: 'ok' as const, message: `git runs ours: ${run.join(', ')}` }]),
    ...idle.map(({ hook, cure }) => ({
      check: 'git-hooks',
      severity: 'warning' as const,
      message: `${hook} is installed, but git does not run it`,
      advice: cure,
    })),
  ];
}
