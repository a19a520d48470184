import { foldHandoffs, isSameAgent, type Handoff, type HandoffState, type UnplacedBlock } from '#comms';
import { EXIT, SquadError, type HandoffMoveBlock } from '#protocol';
import { openLocksFor } from '../lock/open-locks.ts';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION } from '../shell/squad.ts';
import { blockBase, openDesk, type CommsDesk } from './comms-desk.ts';

type Move = HandoffMoveBlock['move'];

interface MoveVerb {
  readonly name: string;
  readonly move: Exclude<Move, 'expired'>;
  readonly summary: string;
}

const VERBS: readonly MoveVerb[] = [
  { name: 'accept', move: 'accepted', summary: 'take over the files of a handoff, with their lease' },
  { name: 'decline', move: 'declined', summary: 'refuse a handoff, with the reason' },
  { name: 'complete', move: 'completed', summary: 'say that an accepted handoff is finished' },
  { name: 'withdraw', move: 'withdrawn', summary: 'take back a handoff you offered' },
];

/** `squad-comms accept`, `decline`, `complete`, `withdraw`. */
export const handoffMoveCommands: readonly Command[] = VERBS.map((verb) => ({
  name: verb.name,
  summary: verb.summary,
  positionals: '[id]',
  maxPositionals: 1,
  options: {
    ...AGENT_OPTION,
    reason: { kind: 'value', value: 'TEXT', summary: 'why' },
  },
  examples: [`squad-comms ${verb.name} H-01JD…`],
  action: (call) => moveHandoff(call, verb),
}));

async function moveHandoff(call: Call, { move }: MoveVerb): Promise<Outcome> {
  const desk = openDesk(call);
  const handoff = findHandoff(desk, move, call.positionals[0]);
  const reason = call.value('reason');
  const block: Extract<UnplacedBlock, { kind: 'handoff-move' }> = {
    kind: 'handoff-move',
    ...blockBase(desk),
    id: handoff.id,
    move,
    ...(reason === undefined ? {} : { reason }),
  };
  // Asked of the fold itself, so that what is written is what everybody will accept.
  const trial = foldHandoffs([...desk.read(), { ...block, range: NOWHERE }]);
  const refusal = trial.refused.find(({ block: refused }) => refused.range === NOWHERE);
  if (handoff.state === move) return settled(handoff, move, { text: `it is ${move} already`, leases: [] });
  if (refusal !== undefined) {
    const json = { kind: 'refused', id: handoff.id, state: handoff.state, why: refusal.why };
    return { exitCode: EXIT.failed, json, notice: `handoff ${handoff.id}: ${refusal.why}` };
  }
  const leases = move === 'accepted' ? await takeLeases(call, desk, handoff) : [];
  return settled(handoff, move, { text: desk.write(block), leases });
}

// The lease moves in one step of the lock log: nobody can come between giver and receiver.
async function takeLeases(call: Call, desk: CommsDesk, handoff: Handoff): Promise<readonly string[]> {
  const { locks } = await openLocksFor(call);
  const held = handoff.files.filter((path) =>
    locks.leasesOn(path).some(({ agent, resource }) => isSameAgent(agent, handoff.from) && resource === path),
  );
  if (held.length === 0) return [];
  const moved = locks.transfer({ from: handoff.from, to: desk.me, resources: held });
  if (moved.kind === 'covered') {
    const kept = [...new Set(moved.by.map(({ resource }) => resource))].join(', ');
    throw new SquadError({
      code: 'LOCK_HELD',
      message: `${held.join(', ')} cannot move to you: ${handoff.from} also holds ${kept}, which covers it`,
      hint: `squad-comms ask ${handoff.from} "please run: squad-lock release ${kept}"`,
      data: { kept: moved.by },
    });
  }
  return moved.kind === 'transferred' ? moved.leases.map(({ resource }) => resource) : [];
}

const NOWHERE = { start: { line: 0, column: 0 }, end: { line: 0, column: 0 } };

function settled(handoff: Handoff, move: Move, done: { text: string; leases: readonly string[] }): Outcome {
  const { id, from, to, files } = handoff;
  const { text, leases } = done;
  return { exitCode: EXIT.done, json: { kind: move, id, from, to, files, leases }, text };
}

const BEFORE: Readonly<Record<Exclude<Move, 'expired'>, readonly HandoffState[]>> = {
  accepted: ['requested'],
  declined: ['requested'],
  completed: ['accepted'],
  withdrawn: ['requested', 'accepted'],
};

function findHandoff(desk: CommsDesk, move: Exclude<Move, 'expired'>, id: string | undefined): Handoff {
  const { handoffs } = foldHandoffs(desk.read());
  const mine = handoffs.filter(
    ({ from, to, state }) =>
      BEFORE[move].includes(state) && isSameAgent(move === 'withdrawn' ? from : to, desk.me),
  );
  // A unique beginning of the id is enough, as with commits.
  const found = id === undefined ? mine : handoffs.filter((handoff) => handoff.id === id);
  const near =
    found.length === 0 && id !== undefined ? handoffs.filter((each) => each.id.startsWith(id)) : found;
  const [only, another] = near;
  if (only !== undefined && another === undefined) return only;
  const open = mine.map((each) => `${each.id} from ${each.from}: ${each.files.join(', ')}`);
  throw new SquadError({
    code: 'USAGE',
    message: id === undefined ? 'which handoff?' : `there is no single handoff "${id}"`,
    hint: open.length === 0 ? 'none is open for you: squad-comms inbox' : `one of:\n  ${open.join('\n  ')}`,
  });
}
