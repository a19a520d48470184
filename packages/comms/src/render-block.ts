import { printable, renderInstant, type CommBlock } from '#protocol';
import { renderTitle } from './block-title.ts';
import { renderEvidence } from './evidence-item.ts';
import { renderPathItem } from './path-item.ts';
import { parseTaskReference } from './task-reference.ts';

type WithoutRange<T> = T extends unknown ? Omit<T, 'range'> : never;

/** A block that stands in no file yet. */
export type UnplacedBlock = WithoutRange<CommBlock>;

type Field = readonly [label: string, value: string | readonly string[] | undefined];

/**
 * The block as our tools write it: a heading, then one field a line in a fixed order; further lines of a value are
 * indented by two. `parseComm` of it gives the block again (instants to the millisecond).
 */
export function renderBlock(block: UnplacedBlock): string {
  const title = renderTitle({ kind: block.kind, ...('move' in block ? { move: block.move } : {}) });
  const time = block.at === undefined ? '' : ` ${renderTime(block.at)}`;
  const fields = [...fieldsOf(block), ...Object.entries(block.extra)];
  return `## ${title}${time}\n${fields.map(renderField).join('')}`;
}

function renderTime(wallMs: number): string {
  return renderInstant(wallMs, wallMs % 1000 === 0 ? 'seconds' : 'milliseconds');
}

function renderField([label, value]: Field): string {
  if (value === undefined || value.length === 0) return '';
  const lines =
    typeof value === 'string'
      ? cleanText(value).split('\n')
      : ['', ...value.map((item) => `- ${cleanLine(item)}`)];
  const [first = '', ...others] = lines;
  return `${`${label}: ${first}`.trimEnd()}\n${others.map((line) => `${line === '' ? '' : `  ${line}`}\n`).join('')}`;
}

/** Text as it can stand in a block: no control characters, no blank space at the ends. */
function cleanText(text: string): string {
  return printable(text.replaceAll(/\r\n?/gu, '\n'))
    .replaceAll('\t', '    ')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}

function cleanLine(text: string): string {
  return cleanText(text).replaceAll('\n', ' ');
}

function pathList(label: string, paths: readonly string[]): Field[] {
  const items = paths.map((path) => renderPathItem({ path }));
  return items.length === 1 ? [[label, items[0]]] : [[`${label}S`, items]];
}

function instant(wallMs: number | undefined): string | undefined {
  return wallMs === undefined ? undefined : renderTime(wallMs);
}

function taskFields(
  label: string,
  task: { taskId?: string | undefined; taskTitle?: string | undefined },
): Field[] {
  const { taskId, taskTitle } = task;
  const joined = [taskId, taskTitle].filter((part) => part !== undefined).join(' ');
  const read = parseTaskReference(joined);
  // The short form, where it reads back as what it was.
  if (read.id === taskId && read.title === taskTitle) return [[label, joined]];
  return [
    ['Task ID', taskId ?? ''],
    [label, taskTitle],
  ];
}

function fieldsOf(block: UnplacedBlock): readonly Field[] {
  switch (block.kind) {
    case 'status':
      return statusFields(block);
    case 'handoff-request':
      return [
        ['ID', block.id],
        ['FROM', block.from],
        ['TO', block.to],
        ...pathList('FILE', block.files),
        ['STATUS', block.state],
        ['NOTES', block.notes],
      ];
    case 'handoff-move':
      return [
        ['ID', block.id],
        ...(block.files === undefined ? [] : pathList('FILE', block.files)),
        ['Reason', block.reason],
      ];
    case 'completion':
      return [
        ...taskFields('Task', { taskId: block.taskId }),
        ['Summary', block.summary],
        ['Files Modified', block.filesModified.map(renderPathItem)],
        ['Evidence', block.evidence.map(renderEvidence)],
      ];
    case 'gate':
      return [
        ...taskFields('Task', { taskId: block.taskId }),
        ['Evidence', block.evidence.map(renderEvidence)],
      ];
    case 'question':
    case 'answer':
    case 'broadcast':
    case 'ack':
      return [
        ['ID', block.id],
        ['To', block.to],
        ['Text', block.text],
        ['Respond By', instant(block.respondBy)],
      ];
    case 'error-report':
      return [
        ...taskFields('Task', { taskId: block.taskId }),
        ['Error', block.error],
        ['Attempted Fixes', block.attempts],
      ];
    case 'ownership-request':
      return [
        ['ID', block.id],
        ['Path', renderPathItem({ path: block.path })],
        ['Reason', block.reason],
      ];
    case 'reassignment':
    case 'control':
      return orderFields(block);
  }
}

function orderFields(block: Extract<UnplacedBlock, { kind: 'reassignment' | 'control' }>): readonly Field[] {
  switch (block.kind) {
    case 'reassignment':
      return [
        ['ID', block.id],
        ['Task', block.taskId],
        ['From', block.from],
        ['To', block.to],
        ['Reason', block.reason],
        ...Object.entries(block.details),
      ];
    case 'control':
      return [
        ['ID', block.id],
        ['Command', block.command],
        ['To', block.to],
        ['Reason', block.reason],
        ['Deadline', instant(block.deadline)],
      ];
  }
}

function statusFields(block: Extract<UnplacedBlock, { kind: 'status' }>): readonly Field[] {
  const { done, total } = block;
  return [
    ['Status', block.status],
    ...taskFields('Current Task', block),
    ['Files Modified', block.filesModified.map(renderPathItem)],
    ['Progress', done === undefined || total === undefined ? undefined : `${done}/${total} tasks complete`],
    ['Next', block.next],
    ['Waiting for', block.waitingFor],
    ['Waiting Since', instant(block.waitingSince)],
    ['Alternative', block.alternative],
    ['Note', block.note],
  ];
}
