import { join, resolve } from 'node:path';
import { readComms } from '#comms';
import { EXPORT_FORMATS, exportDocument, openQuestions, renderQuestions, tickTasks, withAdded } from '#plan';
import { EXIT, SquadError } from '#protocol';
import type { SquadHome } from '#store';
import type { Call, Outcome } from '../shell/command.ts';
import { readBegun } from './read-begun.ts';
import { STDIN, type FoundDocument } from './find-document.ts';
import type { ReadSource } from './read-source.ts';

/** `--emit-questions`: what the document leaves open, as YAML to be corrected and given to `--answers`. */
export function emitQuestions({ document }: ReadSource): Outcome {
  return {
    exitCode: EXIT.done,
    json: { questions: openQuestions(document) },
    text: renderQuestions(document).trimEnd(),
  };
}

/** `--export FORMAT`, with the tasks that its plans added: to standard output, or into the folder of `--out`, where no file is overwritten. */
export async function exportSource(
  call: Call,
  { document }: ReadSource,
  { format, squadDir }: { readonly format: string; readonly squadDir: string },
): Promise<Outcome> {
  const { previous } = await readBegun(call.io.store, squadDir, false);
  const files = exportDocument(withAdded(document, previous), format);
  if (files === undefined)
    throw new SquadError({
      code: 'USAGE',
      message: `"${format}" is no format to export to`,
      hint: `use one of ${EXPORT_FORMATS.join(', ')}`,
    });
  const out = call.value('out');
  const [only] = files;
  if (out === undefined) {
    if (files.length === 1 && only !== undefined)
      return { exitCode: EXIT.done, json: { files }, text: only.content.trimEnd() };
    if (call.json) return { exitCode: EXIT.done, json: { files } };
    throw new SquadError({
      code: 'USAGE',
      message: `${format} is ${files.length} files`,
      hint: `say where: squad-allocate --export ${format} --out FOLDER`,
    });
  }
  const { store, cwd } = call.io;
  const folder = resolve(cwd, out);
  const taken = files.filter(({ path }) => store.stat(join(folder, path)) !== undefined);
  if (taken.length > 0)
    throw new SquadError({
      code: 'FILE_UNWRITABLE',
      message: `${out} already holds ${taken
        .map(({ path }) => path)
        .slice(0, 5)
        .join(', ')}; nothing was written`,
      hint: 'name an empty folder with --out',
    });
  store.makeFolder(folder);
  for (const { path, content } of files) store.createExclusive(join(folder, path), content);
  return {
    exitCode: EXIT.done,
    json: { written: files.map(({ path }) => `${out}/${path}`) },
    text: files.map(({ path }) => `wrote ${out}/${path}`).join('\n'),
  };
}

/** `--update`: ticks in the document what agents have reported complete; every other byte stays. Exit 1 when a task cannot be ticked. */
export function updateSource(
  call: Call,
  source: ReadSource,
  { home, found }: { home: SquadHome; found: FoundDocument },
): Outcome {
  const { store } = call.io;
  if (found.file === STDIN)
    throw new SquadError({
      code: 'USAGE',
      message: '--update changes a file, and standard input is none',
      hint: 'name the document: squad-allocate tasks.md --update',
    });
  const { document, files } = source;
  const done = new Set(
    readComms(store, home.squadDir).blocks.flatMap((block) =>
      block.kind === 'completion' && block.taskId !== undefined ? [block.taskId] : [],
    ),
  );
  const ticked: string[] = [];
  const untouched: { id: string; reason: string }[] = [];
  for (const file of files) {
    const own = {
      ...document,
      tasks: document.tasks.filter((task) => (task.source ?? file.path) === file.path),
    };
    const result = tickTasks(Buffer.from(file.content), own, done);
    if (result.ticked.length > 0 && !call.flag('dry-run'))
      store.writeAtomic(fileOf(file.path, found), result.content);
    ticked.push(...result.ticked);
    untouched.push(...result.untouched);
  }
  const lines = [
    ticked.length === 0
      ? `${document.path}: nothing to tick`
      : `${document.path}: ticked ${ticked.join(', ')}`,
    ...untouched.map(({ id, reason }) => `not ticked: ${id}, ${reason}`),
  ];
  return {
    exitCode: untouched.length === 0 ? EXIT.done : EXIT.failed,
    json: { document: document.path, ticked, untouched },
    text: lines.join('\n'),
  };
}

function fileOf(path: string, found: FoundDocument): string {
  return path === found.path
    ? found.file
    : join(found.file, path.slice(found.path.replace(/\/$/u, '').length + 1));
}
