import { pathUri } from '#protocol';
import type { Finding } from './finding.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;
const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

const RULES: Readonly<Record<Finding['reason'], string>> = {
  'owned-by-another': 'The path is EXCLUSIVE to another agent',
  'read-only': 'The path is READ-ONLY',
  ambiguous: 'Rules of the matrix disagree about the path',
  'foreign-fragment': 'The file is the fragment of another agent',
  'foreign-region': 'The change lies outside the regions of its agent',
  'leased-by-another': 'Another agent holds the lease of the path',
  'lease-lost': 'The lease was lost and the file changed since',
  'not-leased': 'A SEQUENTIAL path was changed without its lease',
  'changed-in-two-worktrees': 'Two worktrees change the path',
};

/** A SARIF 2.1.0 log (OASIS standard), as code scanning services take it. */
export function renderSarif(findings: readonly Finding[]): string {
  const used = Object.entries(RULES).filter(([id]) => findings.some(({ reason }) => reason === id));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'squad-own',
            rules: used.map(([id, text]) => ({ id, shortDescription: { text } })),
          },
        },
        results: findings.map((finding) => ({
          ruleId: finding.reason,
          level: LEVELS[finding.severity],
          message: { text: messageOf(finding) },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: pathUri(finding.path), uriBaseId: '%SRCROOT%' },
                region: { startLine: finding.line ?? 1 },
              },
            },
          ],
        })),
      },
    ],
  };
  return JSON.stringify(log, undefined, 2);
}

/** Workflow commands by which GitHub Actions annotates files, one a line. */
export function renderGithub(findings: readonly Finding[]): string {
  return findings
    .map((finding) => {
      const properties = [
        `file=${property(finding.path)}`,
        `line=${finding.line ?? 1}`,
        `title=${property(RULES[finding.reason])}`,
      ];
      return `::${COMMANDS[finding.severity]} ${properties.join(',')}::${data(messageOf(finding))}`;
    })
    .join('\n');
}

function messageOf({ message, next }: Finding): string {
  return next.length === 0 ? message : `${message}\nnext: ${next.join(' | ')}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
