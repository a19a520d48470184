/** The hooks that are installed: two that check, and one that puts the agent's name into its commits. */
export const HOOK_NAMES = ['pre-commit', 'prepare-commit-msg', 'pre-push'] as const;

/** One of {@link HOOK_NAMES}. */
export type HookName = (typeof HOOK_NAMES)[number];

const BEGIN = '# >>> dotsquad: "squad-own hooks uninstall" takes this away >>>';
const END = '# <<< dotsquad <<<';
const SHEBANG = /^#!.*\n/u;
const SHELL = /^#!\s*(?:\/usr)?(?:\/local)?\/bin\/(?:env\s+)?(?:ba|da|k|z|a)?sh\b/u;

/** True when the script holds our block. */
export function hasBlock(script: string): boolean {
  return script.includes(BEGIN) && script.includes(END);
}

/** True for a script that a shell runs, so that a block of shell can stand in it. */
export function isShellScript(script: string): boolean {
  return !script.startsWith('#!') || SHELL.test(script);
}

/** The script with our block right after its first line, so that an `exec` or `exit` further down cannot skip it. */
export function withBlock(script: string | undefined, name: HookName, binPath: string): string {
  const old = script === undefined ? '#!/bin/sh\n' : withoutBlock(script);
  const first = SHEBANG.exec(old)?.[0] ?? '';
  return `${first}${blockOf(name, binPath)}${old.slice(first.length)}`;
}

/** The script as it was before {@link withBlock}, byte for byte. */
export function withoutBlock(script: string): string {
  const start = script.indexOf(BEGIN);
  const end = script.indexOf(END, start);
  if (start === -1 || end === -1) return script;
  return script.slice(0, start) + script.slice(end + END.length + 1);
}

/** True when nothing but what {@link withBlock} makes of no script is left. */
export function isEmptyHook(script: string): boolean {
  return withoutBlock(script) === '#!/bin/sh\n';
}

/** A hook that checks, then runs another one in its place. */
export function wrapperOf(name: HookName | undefined, binPath: string, chained: string): string {
  const block = name === undefined ? '' : blockOf(name, binPath);
  return `#!/bin/sh\n${block}[ -x ${quote(chained)} ] || exit 0\nexec ${quote(chained)} "$@"\n`;
}

/** The command of a hook manager's configuration. */
export function managerCommand(name: HookName, binPath: string): string {
  // `{1}` is the message's file, as lefthook names it.
  if (name === 'prepare-commit-msg') return `if [ -n "$AGENT_ID" ]; then ${SIGN} {1}; fi`;
  return `node ${quote(binPath)} check --hook ${name}`;
}

// Agents commit under their person's name; only the trailer tells later whose work it was.
const SIGN = 'git interpret-trailers --in-place --if-exists doNothing --trailer "Squad-Agent: $AGENT_ID"';

const BODIES: Readonly<Record<HookName, string>> = {
  'pre-commit': 'squad_own check --hook pre-commit || exit 1\n',
  'prepare-commit-msg': `if [ -n "$AGENT_ID" ] && [ "$2" != merge ] && [ -f "$1" ]; then
  ${SIGN} "$1"
fi
`,
  // git says on stdin what is pushed; a hook further down must read the same.
  'pre-push': `squad_refs=$(cat)
printf '%s\\n' "$squad_refs" | squad_own check --hook pre-push || exit 1
exec <<SQUAD_REFS
$squad_refs
SQUAD_REFS
`,
};

function blockOf(name: HookName, binPath: string): string {
  return `${BEGIN}
squad_own() {
  if [ -x node_modules/.bin/squad-own ]; then node_modules/.bin/squad-own "$@"
  elif command -v squad-own >/dev/null 2>&1; then squad-own "$@"
  elif [ -f ${quote(binPath)} ]; then node ${quote(binPath)} "$@"
  else echo 'dotsquad: ownership is not checked, because there is no squad-own here' >&2
  fi
}
${BODIES[name]}${END}
`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
