import type { HookChange, HookTarget } from './git-hooks.ts';
import { managerCommand } from './hook-script.ts';

const CHECKS = ['pre-commit', 'prepare-commit-msg', 'pre-push'] as const;
const BEGIN = '# >>> dotsquad: "squad-own hooks uninstall" takes this away >>>\n';
const END = '# <<< dotsquad <<<\n';

/** Adds the checks to lefthook's local configuration, unless that configures the same hooks already. */
export function installLefthook(target: HookTarget, config: string, bin: string): readonly HookChange[] {
  const old = target.store.readText(config) ?? '';
  const block = blockOf(bin);
  if (old.includes(block)) return changes(config, 'unchanged');
  const rest = withoutBlock(old);
  if (CHECKS.some((hook) => new RegExp(`^["']?${hook}["']?\\s*:`, 'mu').test(rest))) {
    return changes(config, 'manual', `add to its hooks:\n${block}`);
  }
  const gap = rest === '' || rest.endsWith('\n') ? '' : '\n';
  if (target.dryRun !== true) target.store.writeAtomic(config, `${rest}${gap}${block}`);
  return changes(config, rest === '' ? 'created' : 'chained', 'run: lefthook install');
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
  const hooks = CHECKS.map((hook) => {
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

function changes(path: string, change: HookChange['change'], note?: string): readonly HookChange[] {
  return CHECKS.map((hook) => ({ hook, path, change, ...(note === undefined ? {} : { note }) }));
}
