import type { Severity, ValidateSourceQuery } from '../../generated/operations/graphql.ts';

type Diagnostic = ValidateSourceQuery['validateWorkflow']['diagnostics'][number];

const WORDS: Record<Severity, { mark: string; tone: string }> = {
  ERROR: { mark: '✕ error', tone: 'bad' },
  WARNING: { mark: '! warning', tone: 'held' },
  INFO: { mark: 'i', tone: 'quiet' },
};

/** What is to be said of a definition: the same findings as everywhere else. A finding that has a line is a way to it. */
export function DiagnosticsList({ diagnostics, show }: { diagnostics: readonly Diagnostic[]; show: (line: number) => void }) {
  if (diagnostics.length === 0) return <p className="note">Nothing to complain of.</p>;
  return (
    <ol className="findings">
      {diagnostics.map(({ rule, severity, message, hint, line, column }, index) => (
        <li key={`${rule} ${line} ${column} ${index}`}>
          <span className={`badge ${WORDS[severity].tone}`}>{WORDS[severity].mark}</span> <code>{rule}</code>
          {line !== null && <button type="button" className="plain" onClick={() => show(line)}>line {line}</button>}
          <p>{message}{hint && <span className="quiet"> {hint}</span>}</p>
        </li>
      ))}
    </ol>
  );
}
