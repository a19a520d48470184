import type { Reader } from './reader.ts';

/** Output of another allocator: it names lanes, not the tasks in them. */
export const lanesReader: Reader = {
  format: 'lanes',
  recognises: (input) =>
    /^\s*\{/u.test(input.text) && /"lanes"\s*:\s*\[/u.test(input.text)
      ? 'JSON with "lanes", the result of an allocation'
      : undefined,
  read: (input) => ({
    input,
    format: 'lanes',
    formatWhy: '',
    feature: input.path,
    drafts: [],
    noTasksHint: 'give the tasks.md that the lanes were made from',
  }),
};
