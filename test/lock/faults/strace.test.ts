import { expect, test } from 'vitest';
import { judgeFault, noteBefore } from './judge-fault.ts';
import { DEEDS, Stage } from './lease-deeds.ts';
import { callsOf, CAN_TRACE, CANNOT_TRACE, isStruck, type Fault } from './traced-program.ts';

// The long form (`npm run torture`) tries each at each call of each operation.
const HOW = ['error=EIO', 'signal=KILL', 'error=ENOSPC', 'error=EMFILE', 'error=EINTR', 'error=EACCES'];

test.runIf(!CAN_TRACE)('system calls that fail were NOT tried', () => console.log(CANNOT_TRACE));

test.skipIf(!CAN_TRACE)('a takeover, with a fault at every second system call', async () => {
  const stage = await Stage.prepare(DEEDS['takeover from the dead']);
  noteBefore(stage);
  const wrong: string[] = [];
  let struck = 0;
  for (const [index, call] of callsOf(stage.run()).entries()) {
    const how = HOW[(index >> 1) % HOW.length];
    if (index % 2 === 1 || how === undefined) continue;
    const fault: Fault = { ...call, how };
    const traced = stage.run(fault);
    if (!isStruck(traced, fault)) continue;
    struck += 1;
    wrong.push(...judgeFault(stage, fault, traced));
  }
  stage.remove();
  expect(wrong).toEqual([]);
  expect(struck).toBeGreaterThan(10);
});
