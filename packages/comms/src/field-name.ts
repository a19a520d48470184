import { lazily, type CommBlock } from '#protocol';

type Kind = CommBlock['kind'];

/** The protocol's name of a field: its first spelling in lower case. */
export type FieldName = string;

const COMMON: Readonly<Record<FieldName, readonly string[]>> = {
  timestamp: ['time', 'date', 'at', 'updated', 'last updated', 'when'],
};

const FILES = ['files', 'modified files', 'files changed', 'changed files', 'files touched', 'modified'];
const TASK = ['task', 'working on', 'current'];

type Fields = Readonly<Record<FieldName, readonly string[]>>;

const reportFields = lazily(() => ({
  status: {
    status: ['state'],
    'task id': [],
    'current task': TASK,
    'files modified': FILES,
    progress: ['completion'],
    next: ['next step', 'next steps', 'next action', 'next up'],
    'waiting for': ['waiting on', 'blocked by', 'blocked on', 'blocker', 'blockers'],
    'waiting since': ['blocked since', 'since'],
    alternative: ['alternative task', 'alternative work', 'meanwhile'],
    note: ['notes', 'details', 'message', 'reason', 'comment'],
  },
  completion: {
    'task id': [],
    task: ['current task', 'completed task', 'completed'],
    summary: ['note', 'notes', 'result', 'details'],
    'files modified': FILES,
    evidence: ['verification', 'verified by', 'proof'],
  },
  gate: {
    'task id': [],
    task: ['current task'],
    evidence: ['result', 'results', 'gates'],
  },
  'error-report': {
    'task id': [],
    task: ['current task'],
    error: ['message', 'problem', 'failure'],
    'attempted fixes': ['attempts', 'attempted', 'tried'],
  },
}));
const messageFields = lazily(() => ({
  'handoff-request': {
    id: ['handoff id', 'handoff'],
    from: [],
    to: [],
    files: ['file', 'path', 'paths'],
    status: ['state'],
    notes: ['note', 'message', 'details', 'description'],
  },
  'handoff-move': {
    id: ['handoff id', 'handoff', 'request'],
    files: ['file', 'path', 'paths'],
    reason: ['note', 'notes', 'because', 'message'],
  },
  question: {
    id: ['question id'],
    to: [],
    text: ['question', 'message', 'body'],
    'respond by': ['reply by', 'deadline'],
  },
  answer: {
    id: ['question id', 'question', 're'],
    to: [],
    text: ['answer', 'message', 'body'],
    'respond by': [],
  },
  broadcast: { id: [], to: [], text: ['message', 'body'], 'respond by': ['reply by', 'deadline'] },
  ack: { id: ['re', 'acks'], to: [], text: ['message', 'note', 'notes'], 'respond by': [] },
  'ownership-request': {
    id: [],
    path: ['file', 'files', 'paths'],
    reason: ['note', 'notes', 'because', 'why'],
  },
  reassignment: { id: [], task: ['task id'], from: [], to: [], reason: ['because', 'why'] },
  control: {
    id: [],
    command: ['action', 'control'],
    to: [],
    reason: ['because', 'why', 'note'],
    deadline: ['by'],
  },
}));

const lookup = lazily<ReadonlyMap<string, ReadonlyMap<string, FieldName>>>(() => {
  const byKind: Readonly<Record<Kind, Fields>> = { ...reportFields(), ...messageFields() };
  return new Map(Object.entries(byKind).map(([kind, own]) => [kind, spellingsOf({ ...COMMON, ...own })]));
});

function spellingsOf(fields: Fields): ReadonlyMap<string, FieldName> {
  return new Map(
    Object.entries(fields).flatMap(([name, also]) => [name, ...also].map((text) => [text, name] as const)),
  );
}

/** The field that a label means in a block of this kind, else `undefined`: an unknown key, kept as written. */
export function fieldNameOf(kind: Kind, label: string): FieldName | undefined {
  return lookup().get(kind)?.get(foldLabel(label));
}

/** Lower case, `_` and `-` as spaces. */
export function foldLabel(label: string): string {
  return label
    .toLowerCase()
    .replace(/[\s_-]+/gu, ' ')
    .trim();
}
