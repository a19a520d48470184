import { expect, test } from 'vitest';
import { DEEDS, Stage } from './lease-deeds.ts';
import { judgeFault, noteBefore } from './judge-fault.ts';
import { callsOf, CAN_TRACE, CANNOT_TRACE, isStruck, withoutRepeats, type Fault } from './traced-program.ts';

const HOW = ['EIO', 'ENOSPC', 'EMFILE', 'EINTR', 'EACCES'].map((code) => `error=${code}`);

test.runIf(!CAN_TRACE)('system calls that fail were NOT tried', () => console.log(CANNOT_TRACE));

test.skipIf(!CAN_TRACE).each(Object.entries(DEEDS))(
  '%s: each system call fails in each way, and the program dies at each',
  async (name, deed) => {
    const stage = await Stage.prepare(deed);
    noteBefore(stage);
    const calls = withoutRepeats(callsOf(stage.run()));
    const wrong: string[] = [];
    let struck = 0;
    for (const call of calls) {
      for (const how of [...HOW, 'signal=KILL']) {
        const fault: Fault = { ...call, how };
        const traced = stage.run(fault);
        if (!isStruck(traced, fault)) continue;
        struck += 1;
        wrong.push(...judgeFault(stage, fault, traced));
      }
    }
    console.log(`faults: ${name}: ${calls.length} system calls, ${struck} faults, ${wrong.length} wrong`);
    expect(wrong).toEqual([]);
    expect(struck).toBeGreaterThan(calls.length * 4);
    stage.remove();
  },
);
