import { Composer, Lexer, Parser, stringify } from 'yaml';
import type { Document, ParsedNode } from 'yaml';
import { diagnose } from './definition.ts';
import type { Locate, Path } from './definition.ts';
import type { Diagnostic } from './diagnostic.ts';
import { pathPointer } from './diagnostic.ts';
import { badCharacter, MAX_BYTES, tooLarge } from './guards.ts';
import { lineIndex } from './lines.ts';
import { syntaxFindings } from './yaml-syntax.ts';
import type { PlacedFinding } from './yaml-syntax.ts';
import { readTree } from './yaml-tree.ts';
import type { Span } from './yaml-tree.ts';

/** Lexemes that the largest allowed definition may take; a value takes about seven. Checked while reading, before any tree is built. */
const MAX_LEXEMES = 400_000;
/** Flow collections (`[`, `{`) open at once; the tree's own limit is lower and is reported with a path. */
const MAX_OPEN = 200;
/** Findings about one text; a broken file otherwise repeats the same one for each of its lines. */
const MAX_FINDINGS = 100;

export interface YamlReading {
  /** Plain JSON, as far as it could be read; undefined when nothing could. */
  value: unknown;
  diagnostics: Diagnostic[];
  locate: Locate;
}

interface Composed {
  document: Document.Parsed<ParsedNode, true> | null;
  findings: PlacedFinding[];
}

/**
 * Reads one YAML 1.2 document of plain data: no anchors, aliases, tags, directives, merge keys or second document. Reports all that is wrong, each with line and column.
 * Time is linear in the text: the library's own duplicate-key check is quadratic (8,000 keys take 0.8 s) and is replaced by ours.
 */
export function readYaml(text: string): YamlReading {
  const large = exceedsLimit(text);
  const placeAt = lineIndex(large ? '' : text);
  const refused = (findings: PlacedFinding[]): YamlReading => ({ value: undefined, diagnostics: place(findings, placeAt), locate: (path) => ({ path, line: 1, column: 1 }) });
  if (large) return refused([{ ...tooLarge('more than 1 MiB of text'), offset: 0 }]);
  const { document, findings } = compose(text);
  if (document === null || findings.some((finding) => finding.rule === 'too_large')) return refused(findings);
  const tree = readTree(document.contents, text);
  const locate = locator(tree.spans, placeAt);
  const syntax = [...findings, ...syntaxFindings(document, text, tree.reported)];
  const diagnostics = [...place([...syntax, ...tree.placed], placeAt), ...diagnose(tree.findings, { kind: 'structure', severity: 'error' }, locate)];
  return { value: syntax.some((finding) => finding.rule !== 'directive_not_allowed') ? undefined : tree.value, diagnostics: diagnostics.slice(0, MAX_FINDINGS), locate };
}

/** Fresh YAML from a plain value, for definitions that were made as JSON: long texts unfolded, no anchors. */
export function writeYaml(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 0, singleQuote: false, version: '1.2' });
}

function exceedsLimit(text: string): boolean {
  return text.length > MAX_BYTES || (text.length * 3 > MAX_BYTES && new TextEncoder().encode(text).length > MAX_BYTES);
}

function compose(text: string): Composed {
  const findings: PlacedFinding[] = [];
  const bad = badCharacter(text);
  if (bad) findings.push({ rule: bad.rule, path: [], offset: bad.offset, message: bad.message, hint: 'Remove it; save the file as UTF-8 text.' });
  const parser = new Parser();
  const composer = new Composer<ParsedNode, true>({
    version: '1.2', schema: 'core', uniqueKeys: false, stringKeys: true, merge: false, resolveKnownTags: false, prettyErrors: false, strict: true, logLevel: 'silent',
  });
  const documents: Document.Parsed<ParsedNode, true>[] = [];
  let lexemes = 0;
  let open = 0;
  const take = (tokens: Iterable<Parameters<typeof composer.next>[0]>): void => {
    for (const token of tokens) {
      if (token.type === 'directive') {
        findings.push(directive(token.offset, token.source));
        continue;
      }
      documents.push(...composer.next(token));
    }
  };
  try {
    for (const lexeme of new Lexer().lex(text)) {
      lexemes += 1;
      if (lexeme === '[' || lexeme === '{') open += 1;
      if (lexeme === ']' || lexeme === '}') open -= 1;
      if (lexemes > MAX_LEXEMES) return { document: null, findings: [{ ...tooLarge('more values than 500 steps can need'), offset: 0 }] };
      if (open > MAX_OPEN) return { document: null, findings: [deep(text)] };
      take(parser.next(lexeme));
    }
    take(parser.end());
    documents.push(...composer.end(true, text.length));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { document: null, findings: [deep(text)] };
  }
  if (documents[1]) findings.push(another(documents[1].range[0]));
  return { document: documents[0] ?? null, findings };
}

const directive = (offset: number, source: string): PlacedFinding => ({
  rule: 'directive_not_allowed',
  path: [],
  offset,
  message: `The directive "${source}" is not allowed.`,
  hint: 'Remove the line: definitions are always YAML 1.2.',
});

const another = (offset: number): PlacedFinding => ({
  rule: 'one_document',
  path: [],
  offset,
  message: 'The text holds more than one YAML document.',
  hint: 'Keep one definition a file; remove the line "---" and what belongs to the other document.',
});

function deep(text: string): PlacedFinding {
  const offset = Math.max(0, text.search(/[[{]/));
  return {
    rule: 'too_deep',
    path: [],
    offset,
    message: 'The definition is nested more than 100 levels deep.',
    hint: 'Close the brackets that are open, or write the steps as one list and let arms name step ids.',
  };
}

function place(findings: PlacedFinding[], placeAt: (offset: number) => { line: number; column: number }): Diagnostic[] {
  return findings.map(({ rule, path, message, hint, offset }) => ({ rule, path, message, hint, severity: 'error', kind: 'structure', ...placeAt(offset) }));
}

/** A key that is missing has the place of what should hold it. */
function locator(spans: Map<string, Span>, placeAt: (offset: number) => { line: number; column: number }): Locate {
  return (path: Path, at = 'value') => {
    for (let length = path.length; length >= 0; length--) {
      const span = spans.get(pathPointer(path.slice(0, length)));
      if (span) return { path, ...placeAt(at === 'key' && length === path.length ? (span.key ?? span.value) : length === path.length ? span.value : (span.key ?? span.value)) };
    }
    return { path, line: 1, column: 1 };
  };
}

