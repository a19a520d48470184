import { pathUri, printable, type Diagnostic, type Range } from '#protocol';

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
        results: diagnostics.map(({ code, severity, message, hint, path, range }) => ({
          ruleId: code,
          ruleIndex: rules.indexOf(code),
          level: LEVELS[severity],
          message: { text: printable(hint === undefined ? message : `${message} (${hint})`) },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: pathUri(path) },
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
    .map(({ severity, code, message, hint, path, range }) => {
      const level = severity === 'info' ? 'notice' : severity;
      const place = range === undefined ? '' : placeOf(range);
      const text = printable(hint === undefined ? message : `${message}\n${hint}`);
      return `::${level} file=${property(path)}${place},title=${property(code)}::${data(text)}`;
    })
    .join('\n');
}

/** Lines, and columns where they lie on one: GitHub takes columns of no other range. */
function placeOf({ start, end }: Range): string {
  const lastLine = end.column === 1 && end.line > start.line ? end.line - 1 : end.line;
  const columns =
    end.line === start.line ? `,col=${start.column},endColumn=${Math.max(start.column, end.column - 1)}` : '';
  return `,line=${start.line},endLine=${lastLine}${columns}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
