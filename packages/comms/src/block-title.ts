import { lazily, type CommBlock, type HandoffMoveBlock } from '#protocol';

/** What a heading announces. */
export interface BlockTitle {
  readonly kind: CommBlock['kind'];
  /** Of a `handoff-move`. */
  readonly move?: HandoffMoveBlock['move'];
}

interface TitleSpelling extends BlockTitle {
  readonly title: string;
  /** Other words for it, folded as in {@link foldTitle}. */
  readonly also: readonly string[];
}

const spellings = lazily<readonly TitleSpelling[]>(() => [
  { kind: 'status', title: 'Status Update', also: ['status', 'status report', 'progress update', 'update'] },
  { kind: 'handoff-request', title: 'Handoff Request', also: ['handoff', 'hand off request', 'hand off'] },
  { kind: 'handoff-move', move: 'accepted', title: 'Handoff Accepted', also: ['handoff accept'] },
  {
    kind: 'handoff-move',
    move: 'declined',
    title: 'Handoff Declined',
    also: ['handoff decline', 'handoff rejected'],
  },
  {
    kind: 'handoff-move',
    move: 'completed',
    title: 'Handoff Completed',
    also: ['handoff complete', 'handoff done'],
  },
  { kind: 'handoff-move', move: 'withdrawn', title: 'Handoff Withdrawn', also: ['handoff cancelled'] },
  { kind: 'handoff-move', move: 'expired', title: 'Handoff Expired', also: [] },
  {
    kind: 'completion',
    title: 'Completion Report',
    also: ['completion', 'task complete', 'task completed', 'task completion', 'task completion report'],
  },
  { kind: 'gate', title: 'Gate Result', also: ['gate', 'gates', 'gate results', 'gate report'] },
  { kind: 'question', title: 'Question', also: [] },
  { kind: 'answer', title: 'Answer', also: ['reply', 'response'] },
  { kind: 'broadcast', title: 'Broadcast', also: ['announcement', 'broadcast message'] },
  { kind: 'ack', title: 'Ack', also: ['acknowledged', 'acknowledgement', 'acknowledgment'] },
  { kind: 'error-report', title: 'Error Report', also: ['error', 'failure report'] },
  { kind: 'ownership-request', title: 'Ownership Request', also: [] },
  { kind: 'reassignment', title: 'Task Reassignment Notice', also: ['task reassignment', 'reassignment'] },
  { kind: 'control', title: 'Control', also: ['control message'] },
]);

const byFolded = lazily<ReadonlyMap<string, BlockTitle>>(
  () =>
    new Map(
      spellings().flatMap((spelling) =>
        [spelling.title, ...spelling.also].map((text) => [foldTitle(text), spelling] as const),
      ),
    ),
);

/** The kind of block a heading's words announce, whatever their case, emphasis and punctuation. */
export function blockTitleOf(words: string): BlockTitle | undefined {
  return byFolded().get(foldTitle(words));
}

/** The heading our tools write for a block. */
export function renderTitle(title: BlockTitle): string {
  const found = spellings().find(({ kind, move }) => kind === title.kind && move === title.move);
  return found?.title ?? title.kind;
}

function foldTitle(words: string): string {
  return words
    .toLowerCase()
    .replace(/[^a-z]+/gu, ' ')
    .trim();
}
