import { SquadError } from '#protocol';
import { runMatrix, type Environment } from '#runner';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { FINDINGS_OPTIONS, reportFindings } from './findings-report.ts';
import { watchInterrupts } from './interrupts.ts';
import { createProgress } from './progress.ts';
import { openRunHomeFor } from './run-home.ts';
import { readSettings, SETTING_OPTIONS } from './settings.ts';

/** `squad-run test`. */
export const testCommand: Command = {
  name: 'test',
  summary:
    'Test commands in several environments at once, each with its own temporary folder and port; one merged report',
  options: {
    ...SETTING_OPTIONS,
    ...FINDINGS_OPTIONS,
    env: {
      kind: 'list',
      value: 'NAME=COMMAND',
      summary: 'an environment and its command; may be given several times',
    },
  },
  examples: ["squad-run test --env unit='npm run test:unit' --env e2e='npm run e2e -- --port $PORT'"],
  action: testAction,
};

async function testAction(call: Call): Promise<Outcome> {
  const environments = call.list('env').map(readEnvironment);
  if (environments.length === 0)
    throw new SquadError({
      code: 'USAGE',
      message: 'squad-run test needs an environment',
      hint: "as in --env unit='npm test'",
    });
  const home = await openRunHomeFor(call);
  const settings = readSettings(call);
  const interrupts = watchInterrupts(call.io);
  const progress = createProgress(call, environments.length);
  try {
    const report = await runMatrix(home, {
      ...settings,
      ...interrupts,
      environments,
      cwd: call.io.cwd,
      env: call.io.env,
      onChange: progress.note,
    });
    return reportFindings(call, 'test', { ...report, run: report.id, title: 'Tests' });
  } finally {
    interrupts.dismiss();
    progress.end();
  }
}

function readEnvironment(text: string): Environment {
  const at = text.indexOf('=');
  const [name, command] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at > 0 && /^[\w.-]+$/u.test(name) && command !== '') return { name, command };
  throw new SquadError({
    code: 'USAGE',
    message: `--env is NAME=COMMAND, not "${text}"`,
    hint: "as in --env unit='npm test'",
  });
}
