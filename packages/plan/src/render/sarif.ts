import type { Diagnostic } from '#protocol';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** Diagnostics as a SARIF 2.1.0 log, for code hosts that show findings beside the lines. */
export function toSarif(diagnostics: readonly Diagnostic[]): unknown {
  const rules = [...new Set(diagnostics.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'squad-allocate', rules: rules.map((id) => ({ id })) } },
        results: diagnostics.map(({ code, severity, message, path, range }) => ({
          ruleId: code,
          level: LEVELS[severity],
          message: { text: message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(path) },
                ...(range === undefined
                  ? {}
                  : {
                      region: {
                        startLine: range.start.line,
                        startColumn: range.start.column,
                        endLine: range.end.line,
                        endColumn: range.end.column,
                      },
                    }),
              },
            },
          ],
        })),
      },
    ],
  };
}

/** Diagnostics as workflow commands of GitHub Actions, one a line. */
export function toGithubAnnotations(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(({ severity, code, message, path, range }) => {
      const level = severity === 'info' ? 'notice' : severity;
      const place =
        range === undefined
          ? ''
          : `,line=${range.start.line},col=${range.start.column},endLine=${range.end.line},endColumn=${range.end.column}`;
      return `::${level} file=${property(path)}${place},title=${property(code)}::${data(message)}`;
    })
    .join('\n');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
