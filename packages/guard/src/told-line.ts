import { printableLine } from '#protocol';

// Clients frame what they tell a model in tags; a type like `List<string>` is none.
const TAG = /<(?=[/!?])|(?<!\w)<(?=[A-Za-z])/gu;

/** Text from files or other agents as a model may be told it: on one line, nothing hidden in it, no tag that could end a client's frame. */
export function toldLine(text: string, maxLength?: number): string {
  const line = printableLine(text, maxLength);
  return line.includes('<') ? line.replace(TAG, '‹') : line;
}
