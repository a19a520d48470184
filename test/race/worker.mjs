// One contender of the race harness: takes and gives up leases in many ways, and writes down what it was told when.
// Its log is the evidence: a line is written with one call after each answer, and before each call that ends a lease, so
// that a kill leaves no deed unexplained.
import { closeSync, openSync, writeSync } from 'node:fs';
import { openSquad } from './squad-contender.mjs';
import { openRival } from './rival-contender.mjs';

const task = JSON.parse(process.argv[2] ?? '{}');
const out = openSync(task.log, 'a');

let state = task.seed >>> 0;
/** A fraction below one, from the seed alone. */
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 4294967296;
};
const self = {
  ...task,
  random,
  now: () => Number(process.hrtime.bigint() / 1000n),
  say: (line) => writeSync(out, `${JSON.stringify({ who: task.name, ...line })}\n`),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

async function main() {
  const contender = task.kind === 'squad' ? openSquad(self) : openRival(self);
  let skew = Date.now() - self.now() / 1000;
  while (self.now() < task.untilUs) {
    await contender.turn();
    const skewNow = Date.now() - self.now() / 1000;
    if (Math.abs(skewNow - skew) > 1000) self.say({ kind: 'clock' });
    skew = skewNow;
  }
  closeSync(out);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
