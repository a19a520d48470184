import { EXIT } from '#protocol';
import type { Outcome } from '../shell/command.ts';
import type { Divided } from './divide-changes.ts';
import { renderFindings, type Finding } from './finding.ts';
import { shownPath } from './path-words.ts';

/** A commit that was made. */
export function committed(
  by: { readonly agent: string; readonly commit: string },
  divided: readonly Divided[],
): Outcome {
  const { agent, commit } = by;
  const { files, left } = notesOf(divided);
  return {
    exitCode: EXIT.done,
    json: { kind: 'committed', commit, agent, files, left },
    text: [`committed ${commit.slice(0, 12)}`, ...fileLines(files), ...leftLines(left)].join('\n'),
  };
}

/** What a commit would be made of. */
export function preview(agent: string, divided: readonly Divided[]): Outcome {
  const { files, left } = notesOf(divided);
  const isEmpty = files.length === 0;
  const head = isEmpty ? `nothing of ${agent} to commit` : `would commit for ${agent}`;
  return {
    exitCode: isEmpty ? EXIT.failed : EXIT.done,
    json: { kind: isEmpty ? 'nothing' : 'would-commit', agent, files, left },
    text: [head, ...fileLines(files), ...leftLines(left)].join('\n'),
  };
}

/** The agent's own work, but not in order. */
export function refusedByRules(findings: readonly Finding[]): Outcome {
  return {
    exitCode: EXIT.failed,
    json: { kind: 'refused', findings },
    text: `${renderFindings(findings)}\nnothing was committed`,
  };
}

/** Git or a hook of the repository said no. */
export function refusedByGit(output: string): Outcome {
  return {
    exitCode: EXIT.failed,
    json: { kind: 'refused', findings: [], output },
    text: `git refused the commit:\n${output}`,
  };
}

/** A hook put into the commit what the agent may not commit. */
export function refusedAsWidened(paths: readonly string[]): Outcome {
  return {
    exitCode: EXIT.failed,
    json: { kind: 'refused', findings: [], widened: paths },
    text: [
      `a hook of the repository added to the commit what is not yours: ${paths.map(shownPath).join(', ')}`,
      '  a hook that changes files must stage only what git diff --cached --name-only lists',
      'nothing was committed',
    ].join('\n'),
  };
}

/** The same, with what git did not take into the commit left. */
export function withoutUnchanged(divided: readonly Divided[], made: ReadonlySet<string>): readonly Divided[] {
  return divided.map((each) =>
    each.share.kind === 'left' || made.has(each.path)
      ? each
      : { ...each, share: { kind: 'left', why: 'git sees no change in it' } },
  );
}

interface FileNote {
  readonly path: string;
  readonly part: boolean;
  readonly why: string;
}

interface LeftNote {
  readonly path: string;
  readonly why: string;
}

function notesOf(divided: readonly Divided[]): { files: readonly FileNote[]; left: readonly LeftNote[] } {
  return {
    files: divided.flatMap(({ path, share }) =>
      share.kind === 'left' ? [] : [{ path, part: share.kind === 'part', why: share.why }],
    ),
    left: divided.flatMap(({ path, share }) => (share.kind === 'left' ? [{ path, why: share.why }] : [])),
  };
}

function fileLines(files: readonly FileNote[]): string[] {
  return files.map(({ path, part, why }) => `  ${shownPath(path)}${part ? ' (part)' : ''}: ${why}`);
}

function leftLines(left: readonly LeftNote[]): string[] {
  return left.length === 0
    ? []
    : ['left alone', ...left.map(({ path, why }) => `  ${shownPath(path)}: ${why}`)];
}
