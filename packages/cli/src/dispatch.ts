import { EXIT, nearest } from '#protocol';
import { processIo } from './shell/io.ts';
import { run } from './shell/run.ts';
import { PROGRAMS } from './programs.ts';

/** `dotsquad <verb> …`: the same programs behind one name. */
export async function dispatch(argv: readonly string[]): Promise<void> {
  const [verb = '--help', ...rest] = argv;
  const load = PROGRAMS[verb];
  if (load !== undefined) {
    process.exitCode = await run(await load(), rest, processIo());
    return;
  }
  const list = Object.keys(PROGRAMS).map((name) => `  dotsquad ${name}`);
  const help = `usage: dotsquad <verb> …\n\n${list.join('\n')}\n\nEach verb is also a program of its own: squad-<verb>. See: dotsquad <verb> --help`;
  if (verb === '--help' || verb === '-h') {
    process.stdout.write(`${help}\n`);
    process.exitCode = argv.length === 0 ? EXIT.usage : EXIT.done;
    return;
  }
  const near = nearest(verb, Object.keys(PROGRAMS));
  process.stderr.write(
    `error USAGE: dotsquad has no verb "${verb}"\n  ${near === undefined ? 'see: dotsquad --help' : `did you mean: dotsquad ${near}`}\n`,
  );
  process.exitCode = EXIT.usage;
}
