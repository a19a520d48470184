import { foldHandoffs, isOpenHandoff, type Handoff } from '#comms';
import type { CommBlock, HandoffMoveBlock, HandoffRequestBlock, MessageBlock } from '#protocol';
import type { ObservedControl, ObservedQuestion } from '../model/snapshot.ts';

const FINISHED_KEPT = 30;
const CONTROLS_KEPT = 30;

/** What agents still have to say to one another. */
export interface Dialogue {
  readonly add: (
    block: Exclude<CommBlock, { kind: 'status' | 'completion' | 'gate' | 'error-report' | 'reassignment' }>,
  ) => void;
  readonly handoffs: () => readonly Handoff[];
  readonly questions: () => readonly ObservedQuestion[];
  readonly controls: () => readonly ObservedControl[];
}

/**
 * An empty dialogue. Files are read one after the other, so an answer may arrive before its question: replies are kept
 * by id. Finished handoffs and answered questions are forgotten.
 */
export function createDialogue(): Dialogue {
  const live = new Map<string, (HandoffRequestBlock | HandoffMoveBlock)[]>();
  const retired = new Map<string, Handoff>();
  const retiredIds = new Set<string>();
  const replies = new Map<string, Set<string>>();
  const questions = new Map<string, ObservedQuestion>();
  const controls = new Map<string, Omit<ObservedControl, 'acks'>>();
  const addHandoff = (block: HandoffRequestBlock | HandoffMoveBlock): void => {
    if (!retiredIds.has(block.id)) live.set(block.id, [...(live.get(block.id) ?? []), block]);
  };
  const addMessage = (block: MessageBlock): void => {
    const { id, author: from, to = 'all', at, respondBy, text } = block;
    if (block.kind === 'question') questions.set(id, { id, from, to, at, respondBy, text });
    else if (block.kind !== 'broadcast') replies.set(id, (replies.get(id) ?? new Set()).add(from));
  };
  return {
    add(block) {
      if (block.kind === 'handoff-request' || block.kind === 'handoff-move') addHandoff(block);
      else if (block.kind === 'control') {
        const { id, command, to, at, deadline } = block;
        controls.set(id, { id, command, to, at, deadline });
        for (const old of [...controls.keys()].slice(0, -CONTROLS_KEPT)) controls.delete(old);
      } else if (block.kind !== 'ownership-request') addMessage(block);
    },
    handoffs() {
      const { handoffs } = foldHandoffs([...live.values()].flat());
      for (const handoff of handoffs.filter((each) => !isOpenHandoff(each) && each.state !== 'expired')) {
        live.delete(handoff.id);
        retiredIds.add(handoff.id);
        retired.set(handoff.id, handoff);
      }
      for (const old of [...retired.keys()].slice(0, -FINISHED_KEPT)) retired.delete(old);
      const open = handoffs.filter(({ id }) => !retired.has(id));
      return [...retired.values(), ...open];
    },
    questions() {
      for (const id of questions.keys()) if (replies.has(id)) questions.delete(id);
      return [...questions.values()];
    },
    controls: () =>
      [...controls.values()].map((control) => ({ ...control, acks: [...(replies.get(control.id) ?? [])] })),
  };
}
