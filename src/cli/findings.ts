import { pathText, type Diagnostic } from '../core/definition/diagnostic.ts';
import { lintRules } from '../core/definition/lint/index.ts';

/** What was found in one file. */
export interface FileFindings {
  file: string;
  diagnostics: Diagnostic[];
}

export type Format = 'text' | 'json' | 'github' | 'sarif';

/** `file:line:column severity rule: message` and, below it, what to do: the form that editors and terminals link. */
export function lineOf(file: string, { severity, rule, message, hint, line, column, path }: Diagnostic): string {
  const place = line === null ? `${file} ${pathText(path)}` : `${file}:${line}:${column ?? 1}`;
  return `${place} ${severity} ${rule}: ${message}${hint ? `\n    ${hint}` : ''}`;
}

/** All findings in one of the forms that `--format` names. */
export const printers: Record<Format, (files: FileFindings[]) => string> = {
  text: (files) => files.flatMap(({ file, diagnostics }) => diagnostics.map((one) => lineOf(file, one))).join('\n'),
  json: (files) => JSON.stringify(files.map(({ file, diagnostics }) => ({ file, diagnostics: diagnostics.map((one) => ({ ...one, location: pathText(one.path) })) })), null, 2),
  github: (files) => files.flatMap(({ file, diagnostics }) => diagnostics.map((one) => annotation(file, one))).join('\n'),
  sarif: (files) => JSON.stringify(sarif(files), null, 2),
};

const LEVELS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** A workflow command of GitHub Actions (https://docs.github.com/actions/reference/workflow-commands-for-github-actions). */
function annotation(file: string, { severity, rule, message, hint, line, column }: Diagnostic): string {
  const property = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll(':', '%3A').replaceAll(',', '%2C');
  const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return `::${LEVELS[severity]} file=${property(file)},line=${line ?? 1},col=${column ?? 1},title=${property(rule)}::${data(hint ? `${message} ${hint}` : message)}`;
}

/** SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0), as code scanning takes it. */
function sarif(files: FileFindings[]): unknown {
  const found = files.flatMap(({ file, diagnostics }) => diagnostics.map((one) => ({ file, ...one })));
  const docs = new Map(lintRules.map(({ id, docs: text }) => [id, text]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'millrace', rules: [...new Set(found.map(({ rule }) => rule))].map((id) => ({ id, shortDescription: { text: docs.get(id) ?? id } })) } },
      results: found.map(({ file, rule, severity, message, hint, line, column }) => ({
        ruleId: rule,
        level: severity === 'info' ? 'note' : severity,
        message: { text: hint ? `${message} ${hint}` : message },
        locations: [{ physicalLocation: { artifactLocation: { uri: file.replaceAll('\\', '/') }, region: { startLine: line ?? 1, startColumn: column ?? 1 } } }],
      })),
    }],
  };
}

/** `2 errors, 1 warning`; `nothing to complain about`. */
export function tally(files: FileFindings[]): string {
  const found = files.flatMap(({ diagnostics }) => diagnostics);
  const counts =
    (['error', 'warning', 'info'] as const).map((severity) => [severity, found.filter((one) => one.severity === severity).length] as const).filter(([, count]) => count > 0);
  const words = counts.map(([severity, count]) => `${count} ${severity === 'info' ? 'note' : severity}${count === 1 ? '' : 's'}`);
  return `${files.length} file${files.length === 1 ? '' : 's'}: ${words.length === 0 ? 'nothing to complain about' : words.join(', ')}`;
}
