import { pathUri } from '#protocol';
import type { Finding } from './finding.ts';

/** Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for code hosts and editors. */
export function renderSarif(
  findings: readonly Finding[],
  tool: { readonly name: string; readonly version: string },
): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))].toSorted();
  const results = findings.map(({ severity, rule, message, path, line, by }) => ({
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level: severity,
    message: { text: message },
    ...(path === undefined
      ? {}
      : {
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: pathUri(path), uriBaseId: '%SRCROOT%' },
                ...(line === undefined ? {} : { region: { startLine: line } }),
              },
            },
          ],
        }),
    properties: { by },
  }));
  const driver = { name: tool.name, version: tool.version, rules: rules.map((id) => ({ id })) };
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, results }],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
