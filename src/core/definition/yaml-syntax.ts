import type { Document, ParsedNode, YAMLError } from 'yaml';
import type { StructureFinding } from './definition.ts';

/** A finding that knows its offset in the text rather than its path in the value. */
export type PlacedFinding = StructureFinding & { offset: number };

/** What the tree reports itself, with a path: the library's word on it would say it twice. */
const OURS: ReadonlySet<string> = new Set(['TAG_RESOLVE_FAILED', 'BAD_ALIAS', 'NON_STRING_KEY', 'MULTIPLE_DOCS', 'BAD_DIRECTIVE']);

/** A line of brackets can hold an error for each; the first ones say it all. */
const MAX_ERRORS = 100;

interface Known {
  rule: string;
  message: string;
  hint: string;
}
const TAB: Known = { rule: 'tab', message: 'A tab is used to indent this line.', hint: 'YAML indents with spaces only: replace each tab by two spaces.' };
const QUOTES: Known = {
  rule: 'template_needs_quotes',
  message: 'The template {{ … }} on this line is not quoted, so YAML reads its braces as a map.',
  hint: 'Put quotes round it: "{{ … }}".',
};
const DEEP: Known = { rule: 'too_deep', message: 'The definition is nested more than 100 levels deep.', hint: 'Write the steps as one list and let arms name step ids.' };

/** The library's syntax errors in our words, one for each rule and line. `reported` holds the lines' offsets that the tree spoke of already. */
export function syntaxFindings(document: Document.Parsed<ParsedNode, true>, text: string, reported: ReadonlySet<number>): PlacedFinding[] {
  const seen = new Set<string>();
  const findings: PlacedFinding[] = [];
  for (const error of document.errors.filter(({ code }) => !OURS.has(code)).slice(0, MAX_ERRORS)) {
    const start = text.lastIndexOf('\n', Math.max(0, error.pos[0] - 1)) + 1;
    const known = explain(error, lineAt(text, start));
    const key = `${known.rule}:${start}`;
    if (seen.has(key) || (known === QUOTES && reported.has(start))) continue;
    seen.add(key);
    findings.push({ ...known, path: [], offset: offsetOf(error, known, text, start) });
  }
  return findings;
}

function explain(error: YAMLError, line: string): Known {
  if (error.code === 'RESOURCE_EXHAUSTION') return DEEP;
  if (error.code === 'TAB_AS_INDENT' || /^ *\t/.test(line)) return TAB;
  if (/(?:^|[:\-,[]\s+)\{\{/.test(line)) return QUOTES;
  return {
    rule: 'syntax',
    message: `This is not valid YAML: ${error.message.split('\n')[0]!.replace(/[.:]$/, '')}.`,
    hint: HINTS[error.code] ?? 'Check the indentation, quotes and brackets on this line and the one before it.',
  };
}

const HINTS: Partial<Record<YAMLError['code'], string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'A text that holds ": " needs quotes round it.',
  MISSING_CHAR: 'Close the quote or the bracket that was opened, or add the missing ":" after a key.',
  BAD_INDENT: 'Indent this line like the others of its list or map.',
  MULTILINE_IMPLICIT_KEY: 'A key stands on one line and ends with ":".',
  BAD_SCALAR_START: 'A text that begins with @, `, % or another sign of YAML needs quotes round it.',
  BAD_DQ_ESCAPE: 'Use single quotes, or write \\\\ for a backslash.',
};

function offsetOf(error: YAMLError, known: Known, text: string, start: number): number {
  if (known === DEEP) return start;
  if (known !== QUOTES) return Math.min(error.pos[0], text.length);
  return start + Math.max(0, lineAt(text, start).indexOf('{{'));
}

function lineAt(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? text.length : end);
}
