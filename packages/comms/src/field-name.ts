import type { CommBlock } from '#protocol';

type Kind = CommBlock['kind'];

/** The protocol's name of a field: its first spelling in lower case. */
export type FieldName = string;

const COMMON: Readonly<Record<FieldName, readonly string[]>> = {
  timestamp: ['time', 'date', 'at', 'updated', 'last updated', 'when'],
};

const FILES = ['files', 'modified files', 'files changed', 'changed files', 'files touched', 'modified'];
const TASK = ['task', 'working on', 'current'];

const FIELDS: Readonly<Record<Kind, Readonly<Record<FieldName, readonly string[]>>>> = {
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
  'error-report': {
    'task id': [],
    task: ['current task'],
    error: ['message', 'problem', 'failure'],
    'attempted fixes': ['attempts', 'attempted', 'tried'],
  },
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
};

let lookup: ReadonlyMap<string, ReadonlyMap<string, FieldName>> | undefined;

// Made when a block is first read: the hooks of clients load this and read none.
function fieldLookup(): ReadonlyMap<string, ReadonlyMap<string, FieldName>> {
  return new Map(
    Object.entries(FIELDS).map(([kind, fields]) => [
      kind,
      new Map(
        Object.entries({ ...COMMON, ...fields }).flatMap(([name, also]) =>
          [name, ...also].map((text) => [text, name] as const),
        ),
      ),
    ]),
  );
}

/** The field that a label means in a block of this kind, else `undefined`: an unknown key, kept as written. */
export function fieldNameOf(kind: Kind, label: string): FieldName | undefined {
  lookup ??= fieldLookup();
  return lookup.get(kind)?.get(foldLabel(label));
}

/** Lower case, `_` and `-` as spaces. */
export function foldLabel(label: string): string {
  return label
    .toLowerCase()
    .replace(/[\s_-]+/gu, ' ')
    .trim();
}
