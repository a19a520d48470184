import { configSchema } from '#config';
import { lockRecordSchema } from '#lock';
import { mergeRunSchema } from '#merge';
import {
  journalEventSchema,
  ownershipMatrixSchema,
  ownershipRuleSchema,
  planHeaderSchema,
  type Schema,
} from '#protocol';
import { sessionRecordSchema } from '#store';
import { worktreeRecordSchema } from '#worktree';
import { installationSchema } from '../../packages/cli/src/init/installation.ts';
import { itemRecordSchema, runRecordSchema } from '../../packages/runner/src/record/run-record.ts';

interface RecordSchema {
  readonly schema: Schema<unknown>;
  /** Where the record stands on disk. */
  readonly title: string;
}

/** Every record on disk that has a JSON Schema, by the name of its file in `schemas/`. */
export const RECORD_SCHEMAS: Readonly<Record<string, RecordSchema>> = {
  config: { schema: configSchema, title: '.squad/config.yaml, complete' },
  'journal-event': { schema: journalEventSchema, title: 'a line of .squad/logs/events.ndjson' },
  'ownership-matrix': { schema: ownershipMatrixSchema, title: 'the compiled ownership matrix' },
  'ownership-rule': { schema: ownershipRuleSchema, title: 'a row of .squad/ownership.yaml' },
  installation: { schema: installationSchema, title: '.squad/installed.json' },
  'lock-record': { schema: lockRecordSchema, title: 'a record of .squad/locks/.log' },
  'plan-header': {
    schema: planHeaderSchema,
    title: 'front matter of .squad/parallel-plans/agent-<n>-plan.md',
  },
  'merge-run': { schema: mergeRunSchema, title: '.squad/merge/<id>/run.json' },
  run: { schema: runRecordSchema, title: '.squad/runs/<id>/run.json' },
  'run-item': { schema: itemRecordSchema, title: '.squad/runs/<id>/items/<nnnn>.json' },
  session: { schema: sessionRecordSchema, title: '.squad/.run/sessions/<session>.json' },
  worktree: { schema: worktreeRecordSchema, title: '.squad/worktrees/<name>.json' },
};

/** The text of a record's schema file. */
export function renderSchema(name: string, { schema, title }: RecordSchema): string {
  const document = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `dotsquad:${name}`,
    title,
    ...schema.json,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
