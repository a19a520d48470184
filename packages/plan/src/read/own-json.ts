import type { SourceInput } from '../model.ts';
import { parseEstimate } from './estimate-text.ts';
import type { Findings } from './finish.ts';
import { parseJson, type JsonPlace } from './json-source.ts';
import type { Reader } from './reader.ts';
import { asList, asRecord, asText, type DataRecord } from './record-task.ts';
import { draftOf, wordStatus, type TaskDraft } from './task-draft.ts';
import { readField } from './task-text.ts';

/** The task model as `--export json` writes it. */
export const ownJsonReader: Reader = {
  format: 'json',
  recognises: ({ text }) =>
    /^\s*\{/u.test(text) && /"formatWhy"\s*:/u.test(text.slice(0, 2000)) && /"tasks"\s*:\s*\[/u.test(text)
      ? 'the task model as exported'
      : undefined,
  read: readOwn,
};

function readOwn(input: SourceInput): Findings {
  const json = parseJson(input.text, input.path);
  const base = { input, format: 'json', formatWhy: '' };
  if (!json.ok) return { ...base, feature: input.path, drafts: [], diagnostics: [json.error] };
  const root = asRecord(json.value.value) ?? {};
  const tasks = asList(root['tasks'])
    .map(asRecord)
    .filter((task) => task !== undefined);
  const drafts = tasks.map((task) => ownTask(task, json.value.placeOf(task)));
  const byId = new Map(drafts.map((draft) => [draft.id, draft]));
  const stages = asList(root['stages']).flatMap((value) => {
    const stage = asRecord(value);
    if (stage === undefined) return [];
    const members = asList(stage['taskIds']).flatMap((id) => byId.get(asText(id)) ?? []);
    return [{ name: asText(stage['name']), drafts: members, isBarrier: stage['isBarrier'] === true }];
  });
  const areas = asList(root['areas']).map((value) => ({
    area: asText(asRecord(value)?.['area']),
    why: asText(asRecord(value)?.['why']),
  }));
  const declared = asList(root['declared']).map((value) => ({
    path: asText(asRecord(value)?.['path']),
    access: accessOf(asRecord(value)?.['access']),
    why: asText(asRecord(value)?.['why']),
  }));
  return { ...base, feature: asText(root['feature']), drafts, stages, areas, declared };
}

function ownTask(task: DataRecord, place: JsonPlace): TaskDraft {
  const { line } = place;
  const draft = draftOf({
    id: asText(task['id']),
    title: asText(task['title']),
    section: asList(task['section']).map(asText),
    ...place,
  });
  draft.status = wordStatus(asText(task['status']));
  for (const value of asList(task['writes'])) {
    const write = asRecord(value);
    const mode = asText(write?.['mode']);
    const name = mode === 'create' || mode === 'modify' || mode === 'delete' ? mode : 'files';
    const path = `\`${asText(write?.['path'])}\``;
    readField(draft, { name, value: path, list: [], line, label: 'writes' });
  }
  draft.reads.push(...asList(task['reads']).map(asText));
  draft.forbidden.push(...asList(task['forbidden']).map(asText));
  draft.conflictsWith.push(...asList(task['conflictsWith']).map(asText));
  draft.acceptance.push(...asList(task['acceptance']).map(asText));
  draft.skills.push(...asList(task['skills']).map(asText));
  draft.detail.push(asText(task['detail']));
  draft.parallel = typeof task['parallel'] === 'boolean' ? task['parallel'] : undefined;
  draft.optional = task['optional'] === true;
  draft.priority = asText(task['priority']) || undefined;
  draft.agent = asText(task['agent']) || undefined;
  draft.kind = kindOf(task['kind']);
  draft.gates.push(...asList(task['gates']).map(asText));
  draft.approval = asText(task['approval']) || undefined;
  const estimate = asRecord(task['estimate']);
  // A default is found again from what is known then.
  if (estimate?.['reason'] !== 'default')
    draft.estimate = parseEstimate(asText(estimate?.['minutes']), 'minutes');
  for (const value of asList(task['dependencies'])) {
    const id = asText(asRecord(value)?.['id'] ?? value);
    draft.references.push({
      targets: [id],
      reason: 'field',
      why: `dependencies: ${id}`,
      line,
      isCertain: true,
    });
  }
  return draft;
}

function accessOf(value: unknown): 'SEQUENTIAL' | 'READ-ONLY' {
  return value === 'READ-ONLY' ? value : 'SEQUENTIAL';
}

function kindOf(value: unknown): TaskDraft['kind'] {
  return value === 'checkpoint' || value === 'verify' ? value : 'task';
}
