import { UNKNOWN, type Argument } from './expand.ts';
import { isOption } from './options.ts';

const WITH_VALUE = new Set([
  '-I',
  '-n',
  '-L',
  '-P',
  '-s',
  '-a',
  '-d',
  '-E',
  '--max-args',
  '--max-procs',
  '--arg-file',
  '--delimiter',
  '--max-lines',
  '--max-chars',
]);
const MAX_COMMANDS = 2000;
const MAX_ITEM = 4096;

interface XargsCall {
  readonly options: ReadonlyMap<string, string | undefined>;
  readonly command: readonly Argument[];
}

/** Commands that `xargs` runs with what it reads; with unknown input, the one that it would run with something unknown. */
export function xargsCommands(
  args: readonly Argument[],
  input: string | undefined,
): readonly (readonly Argument[])[] {
  const call = readCall(args);
  const mark = replacementMark(call);
  const items = input === undefined || call.options.has('-a') ? undefined : itemsOf(call, mark, input);
  const isTooLong = items?.some((item) => item.length > MAX_ITEM) === true;
  if (items === undefined || isTooLong || items.length > MAX_COMMANDS)
    return [withItems(call, mark, [UNKNOWN])];
  const batch = mark === undefined ? batchSize(call, items.length) : 1;
  const commands: (readonly Argument[])[] = [];
  for (let at = 0; at < items.length; at += batch)
    commands.push(withItems(call, mark, items.slice(at, at + batch)));
  return commands;
}

function readCall(args: readonly Argument[]): XargsCall {
  const options = new Map<string, string | undefined>();
  let at = 0;
  for (; at < args.length; at += 1) {
    const text = args[at]?.text;
    if (text === undefined || !isOption(text)) break;
    if (text === '--') {
      at += 1;
      break;
    }
    const [, name = text, attached] = /^(--[^=]+|-[A-Za-z0])=?(.+)?$/su.exec(text) ?? [];
    if (attached === undefined && WITH_VALUE.has(name)) options.set(name, args[(at += 1)]?.text);
    else options.set(name, attached);
    // `-0r`: letters without a value may stand together.
    if (/^-[0rtxp]+$/u.test(text)) for (const letter of text.slice(1)) options.set(`-${letter}`, undefined);
  }
  return { options, command: args.slice(at) };
}

function replacementMark({ options }: XargsCall): string | undefined {
  if (options.has('-I')) return options.get('-I');
  return options.has('-i') || options.has('--replace')
    ? (options.get('-i') ?? options.get('--replace') ?? '{}')
    : undefined;
}

function batchSize({ options }: XargsCall, count: number): number {
  const given = options.get('-n') ?? options.get('--max-args') ?? options.get('-L') ?? '';
  return /^[1-9]\d*$/u.test(given) ? Number(given) : Math.max(count, 1);
}

function itemsOf(
  { options }: XargsCall,
  mark: string | undefined,
  input: string,
): readonly string[] | undefined {
  const delimiter = options.get('-d') ?? options.get('--delimiter');
  if (options.has('-0') || options.has('--null')) return ended(input, '\0');
  if (delimiter !== undefined) return delimiter === '\\n' ? ended(input, '\n') : undefined;
  // Quotes and backslashes mean something to xargs.
  if (/['"\\]/u.test(input)) return undefined;
  if (mark === undefined) return input.split(/\s+/u).filter((item) => item !== '');
  return input
    .split('\n')
    .map((line) => line.trimStart())
    .filter((line) => line !== '');
}

function ended(input: string, delimiter: string): readonly string[] {
  const items = input.split(delimiter);
  return items.at(-1) === '' ? items.slice(0, -1) : items;
}

function withItems(
  { command }: XargsCall,
  mark: string | undefined,
  items: readonly (string | Argument)[],
): readonly Argument[] {
  const values = items.map((item) => (typeof item === 'string' ? { text: item, isPattern: false } : item));
  if (mark === undefined) return [...command, ...values];
  const [value = UNKNOWN] = values;
  return command.map((arg) => {
    if (arg.text?.includes(mark) !== true) return arg;
    return value.text === undefined
      ? UNKNOWN
      : { text: arg.text.replaceAll(mark, value.text), isPattern: false };
  });
}
