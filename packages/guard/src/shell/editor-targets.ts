import type { Argument } from './expand.ts';
import { readOptions } from './options.ts';
import { fileTarget, type Target } from './target.ts';

const EDITORS = new Set(['ed', 'ex', 'nvim', 'red', 'vi', 'view', 'vim']);
const WRITES =
  /(?:^|[|\n])[ \t:]*(?:silent!?[ \t]+)?(?:[\d.$%,]*)(?:w|wq|x|xit|up|update|wa|wall|wqa|wqall|xa|xall)!?[ \t]*(?=$|[|\n])/u;

/** Files that a line editor writes: those that it is named, when its commands or its input say `w`, `wq` or `x`. */
export function editorTargets(
  program: string,
  args: readonly Argument[],
  input: () => string | undefined,
): readonly Target[] {
  if (!EDITORS.has(program)) return [];
  const commands = args.flatMap(({ text }, index) => {
    if (text?.startsWith('+') === true) return [text.slice(1)];
    return /^-[a-zA-Z]*c$/u.test(text ?? '') ? [args[index + 1]?.text ?? ''] : [];
  });
  const isTold = commands.some((text) => WRITES.test(text)) || WRITES.test(input() ?? '');
  if (!isTold) return [];
  const { operands } = readOptions(args, ['c', 'S', 'u', 'p', 'cmd', 'i']);
  return operands.filter(({ text }) => text?.startsWith('+') !== true).map(fileTarget);
}
