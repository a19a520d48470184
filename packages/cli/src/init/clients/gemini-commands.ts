import { loadCommands, type BinForm } from '../templates.ts';
import type { Store } from '#store';

/** Our slash commands as Gemini CLI keeps them: `squad/status.toml` is `/squad:status`. */
export function geminiCommands(
  store: Store,
  binForm: BinForm,
): readonly { readonly path: string; readonly text: string }[] {
  return loadCommands(store, binForm).map(({ name, description, prompt }) => ({
    // `/squad:status`, not `/squad:squad-status`.
    path: `squad/${name.replace(/^squad-/u, '')}.toml`,
    text: `description = ${JSON.stringify(description)}\nprompt = '''\n${prompt.replaceAll('$ARGUMENTS', '{{args}}').trim()}\n'''\n`,
  }));
}
