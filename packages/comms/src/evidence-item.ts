import { oneLine, type Evidence } from '#protocol';
import { withoutBullet } from './field-line.ts';

/** `exit 0, commit abc1234, tree def5678: npm test`. */
export function renderEvidence(evidence: Evidence): string {
  const commit = evidence.commit === undefined ? '' : `, commit ${evidence.commit}`;
  const tree = evidence.tree === undefined ? '' : `, tree ${evidence.tree}`;
  return `exit ${evidence.exitCode}${commit}${tree}: ${oneLine(evidence.command)}`;
}

/** Reads evidence as our tools or people write it; without an exit code it is none. */
export function parseEvidence(line: string): Evidence | undefined {
  const text = withoutBullet(line);
  const strict = /^exit (-?\d+)(?:, commit ([0-9a-f]{4,64}))?(?:, tree ([0-9a-f]{4,64}))?: ([^\n]+)$/u.exec(
    text,
  );
  if (strict !== null) {
    const [, exitCode, commit, tree, command] = strict;
    return { ...evidenceOf(command, exitCode, commit), ...(tree === undefined ? {} : { tree }) };
  }
  const loose =
    /^(.+?)\s*(?:[(→,;-]+\s*)?exit(?:ed)?(?:\s+code)?(?:\s+with)?\s*[:=]?\s*(-?\d+)\b([^\n]*)$/iu.exec(text);
  if (loose === null) return undefined;
  return evidenceOf(loose[1], loose[2], /\b([0-9a-f]{7,64})\b/u.exec(loose[3] ?? '')?.[1]);
}

function evidenceOf(command = '', exitCode = '', commit?: string): Evidence {
  return {
    command: command.replace(/^`+|`+$/gu, '').trim(),
    exitCode: Number(exitCode),
    ...(commit === undefined ? {} : { commit }),
  };
}
