import { agentDiff, pageData, runLoop, serveBoard, type Tick } from '#coordinator';
import { readComms } from '#comms';
import { EXIT, SquadError } from '#protocol';
import { isSystemError, randomBytes } from '#store';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openCoordinator } from './open-coordinator.ts';

/** `squad-sync serve`. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'A live page on this machine: board, schedule, locks, messages, diffs; looks only',
  options: { port: { kind: 'value', value: 'PORT', summary: 'default: any free one' } },
  examples: ['squad-sync serve', 'squad-sync serve --port 7777'],
  action: serve,
};

async function serve(call: Call): Promise<Outcome> {
  const { io } = call;
  const open = await openCoordinator(call, { acts: false, writes: false });
  let last: Tick | undefined;
  const token = Buffer.from(randomBytes(24)).toString('base64url');
  const diffOf = (agent: string): Promise<string> =>
    last === undefined ? Promise.resolve('') : agentDiff(last.snapshot, agent);
  const server = await serveBoard({ token, diffOf }, portOf(call)).catch(busy);
  io.stdout.write(
    call.json
      ? `${JSON.stringify({ kind: 'serving', url: server.url })}\n`
      : `open ${server.url}\nstop with Ctrl+C\n`,
  );
  await runLoop({
    squadDir: open.squad.squadDir,
    intervalMs: 2000,
    signal: io.signal,
    tick: open.tick,
    onTick(tick) {
      last = tick;
      server.publish(pageData(tick, readComms(io.store, open.squad.squadDir).blocks));
    },
    mayGoOn: () => true,
  }).finally(server.close);
  return { exitCode: EXIT.done };
}

function portOf(call: Call): number {
  const text = call.value('port') ?? '0';
  const port = Number(text);
  if (/^\d{1,5}$/u.test(text) && port < 65_536) return port;
  throw new SquadError({ code: 'USAGE', message: `"${text}" is no port`, hint: 'a number below 65536' });
}

function busy(error: unknown): never {
  if (!isSystemError(error, 'EADDRINUSE', 'EACCES')) throw error;
  throw new SquadError({
    code: 'COMMAND_FAILED',
    message: 'this port cannot be used',
    hint: 'leave --port out to get a free one',
  });
}
