import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Store } from '#store';

/** One file that `squad-init` installs. */
export interface TemplateFile {
  /** Repo-relative target. */
  readonly target: string;
  readonly text: string;
}

/** How the bins are called in what is installed: `(bin) => command`. */
export type BinForm = (bin: string) => string;

const TEMPLATES = fileURLToPath(new URL('../../../templates/', import.meta.url));

/** The templates of the installed package, with `{{squad-lock}}` and the like replaced by the way to call that bin here. */
export function loadTemplates(store: Store, binForm: BinForm): readonly TemplateFile[] {
  const read = (name: string, target: string): TemplateFile => ({
    target,
    text: loadText(store, name, binForm),
  });
  const commands = store.list(join(TEMPLATES, 'commands')).filter((name) => name.endsWith('.md'));
  return [
    read('squad/README.md', '.squad/README.md'),
    read('squad/config.yaml', '.squad/config.yaml'),
    read('squad/gitignore', '.squad/.gitignore'),
    read('parallel-execution-rules.md', '.claude/parallel-execution-rules.md'),
    ...commands.map((name) => read(join('commands', name), `.claude/commands/${name}`)),
  ];
}

/** What `--tasks` adds: folders for task files and contracts, each with a page that says what goes in. */
export function loadTaskTemplates(store: Store, binForm: BinForm): readonly TemplateFile[] {
  return ['tasks', 'contracts'].map((name) => ({
    target: `.claude/${name}/README.md`,
    text: loadText(store, join('tasks', `${name}.md`), binForm),
  }));
}

/** One template's text, with the bins called the way they are called here. */
export function loadText(store: Store, name: string, binForm: BinForm): string {
  const text = store.readText(join(TEMPLATES, name)) ?? '';
  return text.replace(/\{\{(squad-[a-z]+)\}\}/gu, (_, bin: string) => binForm(bin));
}

/** A slash command, taken apart for clients that write it in another form. */
export interface CommandTemplate {
  readonly name: string;
  readonly description: string;
  readonly prompt: string;
}

/** The slash commands of `templates/commands`. */
export function loadCommands(store: Store, binForm: BinForm): readonly CommandTemplate[] {
  const names = store.list(join(TEMPLATES, 'commands')).filter((name) => name.endsWith('.md'));
  return names.map((name) => {
    const text = loadText(store, join('commands', name), binForm);
    const [, head = '', prompt = text] = /^---\n([^]*?)\n---\n([^]*)$/u.exec(text) ?? [];
    const description = /^description: (.*)$/mu.exec(head)?.[1] ?? name;
    return { name: name.replace(/\.md$/u, ''), description, prompt };
  });
}

/**
 * How to call a bin from the repository's root: its local installation, else the name on `PATH`, else through `npx`
 * (which costs about 0.6 s a call).
 */
export function detectBinForm(store: Store, root: string, path: string): BinForm {
  const isThere = (folder: string): boolean => store.stat(join(folder, 'squad-lock')) !== undefined;
  if (isThere(join(root, 'node_modules', '.bin'))) return (bin) => `node_modules/.bin/${bin}`;
  if (path.split(':').some((folder) => folder !== '' && isThere(folder))) return (bin) => bin;
  return (bin) => `npx dotsquad ${bin.replace(/^squad-/u, '')}`;
}
