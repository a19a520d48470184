import type { SourceInput } from '../model.ts';
import type { Reader } from './reader.ts';
import { backlogReader } from './backlog-md.ts';
import { beadsReader } from './beads.ts';
import { ccpmReader } from './ccpm.ts';
import { cursorReader } from './cursor-plan.ts';
import { execPlanReader } from './exec-plan.ts';
import { gsdReader } from './gsd.ts';
import { lanesReader } from './lanes.ts';
import { aiDevTasksReader, kiroReader, openSpecReader } from './numbered-boxes.ts';
import { ownJsonReader } from './own-json.ts';
import { prdReader } from './prd.ts';
import { ralphReader } from './ralph.ts';
import { scopedTaskReader } from './scoped-task.ts';
import { specKitReader } from './spec-kit.ts';
import { taskGraphMarkdownReader, taskGraphReader } from './task-graph.ts';
import { taskMasterReader } from './task-master.ts';
import { taskMasterTextReader } from './task-master-text.ts';

/** Every reader, in the order in which they are asked; the last one reads any text. */
export const READERS: readonly Reader[] = [
  ralphReader,
  ownJsonReader,
  taskMasterReader,
  taskMasterTextReader,
  lanesReader,
  beadsReader,
  gsdReader,
  cursorReader,
  ccpmReader,
  backlogReader,
  taskGraphReader,
  taskGraphMarkdownReader,
  scopedTaskReader,
  specKitReader,
  kiroReader,
  aiDevTasksReader,
  openSpecReader,
  execPlanReader,
  prdReader,
];

/** The reader of a document and why it was chosen. */
export interface Detected {
  readonly reader: Reader;
  readonly why: string;
}

/** The first reader that recognises the document. */
export function detectReader(input: SourceInput): Detected {
  for (const reader of READERS) {
    const why = reader.recognises(input);
    if (why !== undefined) return { reader, why };
  }
  return { reader: prdReader, why: 'no other format was recognised' };
}
