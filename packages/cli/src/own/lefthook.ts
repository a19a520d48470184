import { join } from 'node:path';
import type { Store } from '#store';
import type { HookChange, HookTarget } from './git-hooks.ts';
import type { HookPlace } from './hook-place.ts';
import { HOOK_NAMES, managerCommand, type HookName } from './hook-script.ts';

/** Where lefthook keeps what it runs. */
export type LefthookPlace = HookPlace & { readonly kind: 'lefthook' };

const BEGIN = '# >>> dotsquad: "squad-own hooks uninstall" takes this away >>>\n';
const END = '# <<< dotsquad <<<\n';

/** Adds the checks to lefthook's local configuration, unless that configures the same hooks already. */
export function installLefthook(
  target: HookTarget,
  place: LefthookPlace,
  bin: string,
): readonly HookChange[] {
  const { config } = place;
  const old = target.store.readText(config) ?? '';
  const block = blockOf(bin);
  const uncalled = (hook: HookName): string | undefined =>
    isCalledByGit(target.store, place, hook) ? undefined : 'not run until: lefthook install';
  if (old.includes(block)) return changes(config, 'unchanged', uncalled);
  const rest = withoutBlock(old);
  if (HOOK_NAMES.some((hook) => new RegExp(`^["']?${hook}["']?\\s*:`, 'mu').test(rest))) {
    return changes(config, 'manual', () => `add to its hooks:\n${block}`);
  }
  const gap = rest === '' || rest.endsWith('\n') ? '' : '\n';
  if (target.dryRun !== true) target.store.writeAtomic(config, `${rest}${gap}${block}`);
  return changes(config, rest === '' ? 'created' : 'chained', uncalled);
}

/** True when our checks stand in lefthook's local configuration. */
export function hasLefthookBlock(store: Store, { config }: LefthookPlace): boolean {
  return (store.readText(config) ?? '').includes(BEGIN);
}

/** True when git has the script by which lefthook runs this hook; only `lefthook install` makes it. */
export function isCalledByGit(store: Store, { folder }: LefthookPlace, hook: HookName): boolean {
  return (store.readText(join(folder, hook)) ?? '').includes('lefthook');
}

/** Takes them out again; a file that held nothing else is removed. */
export function uninstallLefthook(target: HookTarget, config: string): readonly HookChange[] {
  const old = target.store.readText(config);
  if (old === undefined || !old.includes(BEGIN)) return changes(config, 'absent');
  const rest = withoutBlock(old);
  if (target.dryRun !== true && rest === '') target.store.removeFile(config);
  else if (target.dryRun !== true) target.store.writeAtomic(config, rest);
  return changes(config, rest === '' ? 'removed' : 'restored');
}

function blockOf(bin: string): string {
  const hooks = HOOK_NAMES.map((hook) => {
    const stdin = hook === 'pre-push' ? '      use_stdin: true\n' : '';
    return `${hook}:\n  commands:\n    squad-own:\n      run: ${JSON.stringify(managerCommand(hook, bin))}\n${stdin}`;
  });
  return BEGIN + hooks.join('') + END;
}

function withoutBlock(text: string): string {
  const start = text.indexOf(BEGIN);
  const end = text.indexOf(END, start);
  return start === -1 || end === -1 ? text : text.slice(0, start) + text.slice(end + END.length);
}

function changes(
  path: string,
  change: HookChange['change'],
  noteOf: (hook: HookName) => string | undefined = () => undefined,
): readonly HookChange[] {
  return HOOK_NAMES.map((hook) => {
    const note = noteOf(hook);
    return { hook, path, change, ...(note === undefined ? {} : { note }) };
  });
}
