import { printableLine } from '#protocol';
import type { Finding, Severity } from './finding.ts';

const TITLES: Readonly<Record<Severity, string>> = { error: 'Errors', warning: 'Warnings', note: 'Notes' };

/** What one reviewer came to. */
export interface LensVerdict {
  readonly name: string;
  readonly isComplete: boolean;
  readonly reason?: string;
  readonly count: number;
}

/** Findings as one markdown report, worst first, with who looked and who could not. */
export function renderFindings(
  title: string,
  findings: readonly Finding[],
  verdicts: readonly LensVerdict[],
): string {
  const looked = verdicts.map(
    ({ name, isComplete, reason, count }) =>
      `- ${name}: ${isComplete ? `${count} finding${count === 1 ? '' : 's'}` : `no verdict (${printableLine(reason ?? 'failed')})`}`,
  );
  const severities: readonly Severity[] = ['error', 'warning', 'note'];
  const sections = severities.flatMap((severity) => {
    const own = findings.filter((finding) => finding.severity === severity);
    return own.length === 0 ? [] : ['', `## ${TITLES[severity]}`, '', ...own.map(renderFinding)];
  });
  const none = findings.length === 0 ? ['', 'Nothing was found.'] : [];
  return `${[`# ${title}`, '', ...looked, ...none, ...sections].join('\n')}\n`;
}

function renderFinding({ path, line, rule, message, by }: Finding): string {
  const place =
    path === undefined ? '' : `\`${printableLine(path)}${line === undefined ? '' : `:${line}`}\` `;
  return `- ${place}**${printableLine(rule, 60)}** ${printableLine(message, 1000)} (${by.join(', ')})`;
}
