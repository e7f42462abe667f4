import { useEffect, useReducer, useRef, type KeyboardEvent } from 'react';
import { PublishDraftDocument, SaveDraftDocument, ValidateSourceDocument, WorkflowSourceDocument } from '../../generated/operations/graphql.ts';
import { useAnswer } from '../link/use-answer.ts';
import { begun, edited, isChanged, lineAt, storedOf, type Draft, type Edit, type Stored } from '../model/draft.ts';
import { DiagnosticsList } from './diagnostics-list.tsx';
import { Loading, Trouble } from './trouble.tsx';
import { useAfterFirst } from './use-after-first.ts';
import { useSettled } from './use-settled.ts';
import { useSteer } from './use-steer.ts';

/** A workflow's definition as text: to read, to change, to publish. It is read anew whenever `revision` is another one. */
export function DefinitionEditor({ id, slug, revision }: { id: string; slug: string; revision: number }) {
  const { data, error, again } = useAnswer(WorkflowSourceDocument, { slug });
  useAfterFirst(again, revision);
  if (!data?.workflow) return <Loading error={error} />;
  return <Editor id={id} workflow={data.workflow} />;
}

const CHECK_MS = 400;
/** What was typed and not saved outlives a look at another view: by the workflow's id, as long as the page is open. */
const unsaved = new Map<string, Draft>();
addEventListener('beforeunload', (event) => {
  if (unsaved.size > 0) event.preventDefault();
});

function useDraft(id: string, stored: Stored): [Draft, (edit: Edit) => void] {
  const [draft, edit] = useReducer(edited, stored, (first) => unsaved.get(id) ?? begun(first));
  useEffect(() => edit({ kind: 'read', stored }), [stored.revision, stored.yaml]);
  useEffect(() => {
    if (isChanged(draft)) unsaved.set(id, draft);
    else unsaved.delete(id);
  }, [id, draft]);
  return [draft, edit];
}

function Editor({ id, workflow }: { id: string; workflow: Parameters<typeof storedOf>[0] }) {
  const [draft, edit] = useDraft(id, storedOf(workflow));
  const { busy, refusal, steer } = useSteer();
  const area = useRef<HTMLTextAreaElement>(null);
  const { text, base } = draft;
  const save = (): void => {
    if (busy || !isChanged(draft)) return;
    steer(SaveDraftDocument, { id, yaml: text, expectedRevision: base.revision }, (answer) => {
      if ('workflow' in answer) edit({ kind: 'saved', yaml: text, revision: answer.workflow.revision });
    });
  };
  const byKey = (event: KeyboardEvent): void => {
    if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    save();
  };
  const publish = (): void => steer(PublishDraftDocument, { id, expectedRevision: base.revision }, () => undefined);
  return (
    <div className="split">
      <textarea
        ref={area} className="source" aria-label="Definition" spellCheck={false} wrap="off"
        value={text} onChange={({ target }) => edit({ kind: 'typed', text: target.value })} onKeyDown={byKey}
      />
      <aside className="panel" aria-label="Findings">
        <Trouble error={refusal} />
        {draft.theirs && <Theirs take={() => edit({ kind: 'taken' })} keep={() => edit({ kind: 'kept' })} />}
        <Findings draft={draft} busy={busy} save={save} publish={publish} show={(line) => area.current && showLine(area.current, line)} />
      </aside>
    </div>
  );
}

/** What is to be said of the text, and what may be done with it. */
function Findings({ draft, busy, save, publish, show }: { draft: Draft; busy: boolean; save: () => void; publish: () => void; show: (line: number) => void }) {
  const { data, error } = useAnswer(ValidateSourceDocument, { yaml: useSettled(draft.text, CHECK_MS) });
  const report = data?.validateWorkflow;
  const changed = isChanged(draft);
  const { published } = draft.base;
  return (
    <>
      <div className="bar">
        <span className="quiet" role="status">{standing(draft)}</span>
        <button type="button" disabled={busy || !changed} onClick={save}>Save draft</button>
        <button type="button" className="primary" disabled={busy || changed || published || !report?.valid} onClick={publish}>Publish</button>
      </div>
      <Trouble error={error} />
      {report && <DiagnosticsList diagnostics={report.diagnostics} show={show} />}
      {!published && <p className="quiet">{INSIDE}</p>}
    </>
  );
}

const INSIDE =
  'Whoever is inside when you publish finishes on the version that they entered. Over the API they can be moved: publishPlan says who is where, publishWorkflow takes a policy.';

/** Selects a line and brings it into sight, with a few before it. */
function showLine(area: HTMLTextAreaElement, line: number): void {
  area.focus();
  area.setSelectionRange(...lineAt(area.value, line));
  area.scrollTop = Math.max(0, line - 4) * Number.parseFloat(getComputedStyle(area).lineHeight);
}

function standing(draft: Draft): string {
  if (isChanged(draft)) return '● not saved';
  return draft.base.published ? '✓ published' : '○ a draft, not published';
}

function Theirs({ take, keep }: { take: () => void; keep: () => void }) {
  return (
    <div role="alert" className="decision">
      <p>Somebody else has changed this definition meanwhile.</p>
      <button type="button" onClick={take}>Take theirs</button> <button type="button" onClick={keep}>Keep mine</button>
    </div>
  );
}
