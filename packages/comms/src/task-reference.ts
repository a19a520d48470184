/** A task as a status names it: `T-03 Implementing dashboard`. */
export interface TaskReference {
  readonly id: string | undefined;
  readonly title: string | undefined;
}

const ID = /^\[?(?=[A-Za-z0-9/._-]*\d)([A-Za-z][A-Za-z0-9._/-]*[A-Za-z0-9]|\d+(?:\.\d+)+)\]?$/u;

/** Reads id and title. A first word counts as an id when it begins with a letter and holds a digit, or is `1.2`. */
export function parseTaskReference(text: string): TaskReference {
  const [, first = '', rest = ''] = /^(\S+?):?(?:\s+([^\n]*))?$/u.exec(text.trim()) ?? [];
  const id = ID.exec(first)?.[1];
  if (id === undefined) return { id: undefined, title: text.trim() || undefined };
  return { id, title: rest.replace(/^[-–—:]\s+/u, '').trim() || undefined };
}
