import type { SourceInput } from '../model.ts';
import type { Reader } from './reader.ts';
import type { Findings } from './finish.ts';
import { parseJson, type JsonPlace } from './json-source.ts';
import { asList, asRecord, asText, readRecord, type DataRecord } from './record-task.ts';
import { draftOf, type TaskDraft } from './task-draft.ts';
import { readDetail, readTitle } from './task-text.ts';

/** Ralph's `prd.json`: user stories, worked in the order of their priority. */
export const ralphReader: Reader = {
  format: 'ralph',
  recognises: (input) =>
    /^\s*\{/u.test(input.text) && /"userStories"\s*:\s*\[/u.test(input.text)
      ? 'JSON with "userStories"'
      : undefined,
  read: readRalph,
};

function readRalph(input: SourceInput): Findings {
  const json = parseJson(input.text, input.path);
  if (!json.ok)
    return {
      input,
      format: 'ralph',
      formatWhy: '',
      feature: input.path,
      drafts: [],
      diagnostics: [json.error],
    };
  const { value, placeOf } = json.value;
  const record = asRecord(value) ?? {};
  const stories = asList(record['userStories'])
    .map(asRecord)
    .filter((story) => story !== undefined);
  const drafts = stories.map((story) => storyTask(story, placeOf(story)));
  const feature = asText(record['description']) || asText(record['project']) || input.path;
  return { input, format: 'ralph', formatWhy: '', feature, drafts };
}

function storyTask(story: DataRecord, place: JsonPlace): TaskDraft {
  const { line } = place;
  const title = asText(story['title']) || asText(story['id']);
  const draft = draftOf({ id: asText(story['id']) || undefined, title, section: [], ...place });
  readTitle(draft, title);
  readDetail(draft, asText(story['description']), line);
  readDetail(draft, asText(story['notes']), line);
  if (story['passes'] === true) draft.status = 'done';
  readRecord(draft, story, line, new Set(['id', 'title', 'description', 'notes', 'passes']));
  return draft;
}
