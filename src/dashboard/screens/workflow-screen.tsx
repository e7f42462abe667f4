import { useCallback, useMemo, type ReactNode } from 'react';
import {
  PauseWorkflowDocument, ResumeWorkflowDocument, WatchDefinitionDocument, WorkflowCanvasDocument, type TypedDocumentString, type WorkflowCanvasQuery,
} from '../../generated/operations/graphql.ts';
import { edgesOf, nodesOf } from '../canvas/canvas-form.ts';
import { JourneyCanvas } from '../canvas/journey-canvas.tsx';
import { useCatalogue } from '../canvas/use-catalogue.ts';
import { useLiveCanvas } from '../canvas/use-live-canvas.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Go, go } from '../link/use-route.tsx';
import { useStream } from '../link/use-stream.ts';
import { home, views, type View } from '../model/route.ts';
import { workflowWords } from '../model/words.ts';
import { DefinitionEditor } from './definition-editor.tsx';
import { NumbersPanel } from './numbers-panel.tsx';
import { StateBadge } from './state-badge.tsx';
import { StepPanel } from './step-panel.tsx';
import { Loading, Trouble } from './trouble.tsx';
import { TotalsLine } from './totals-line.tsx';
import { useSteer, type Given } from './use-steer.ts';

type Workflow = NonNullable<WorkflowCanvasQuery['workflow']>;

/** One workflow: who is where and who is moving, or what it came to. `step` is the one that was chosen. */
export function WorkflowScreen({ slug, view, step }: { slug: string; view: View; step: string | null }) {
  const { data, error, again } = useAnswer(WorkflowCanvasDocument, { slug });
  if (!data) return <Loading error={error} />;
  if (!data.workflow) return <p className="note">There is no workflow “{slug}” here. <Go to={home}>All workflows</Go></p>;
  return <Open workflow={data.workflow} failing={error} view={view} step={step} again={again} />;
}

function Open({ workflow, failing, view, step, again }: { workflow: Workflow; failing: string | null; view: View; step: string | null; again: () => void }) {
  const { id, slug, revision, published, draft } = workflow;
  const catalogue = useCatalogue();
  const canvas = (published ?? draft)?.canvas ?? null;
  const { live, travellers, error } = useLiveCanvas(id, view === 'live' ? canvas : null);
  useStream(WatchDefinitionDocument, { workflowId: id }, ({ definitionChanged }) => {
    if (definitionChanged.revision !== revision) again();
  });
  const choose = useCallback((chosen: string | null): void => go({ screen: 'workflow', slug, view: 'live', step: chosen === step ? null : chosen }), [slug, step]);
  const nodes = useMemo(() => canvas && nodesOf(canvas, catalogue, { live, selected: step, onSelect: choose }), [canvas, catalogue, live, step, choose]);
  const node = canvas?.nodes.find((one) => one.id === step);
  return (
    <>
      <title>{`${workflow.name} · Millrace`}</title>
      <Head workflow={workflow} again={again}><TotalsLine totals={live.totals} /></Head>
      <Trouble error={error ?? failing} />
      <Views slug={slug} view={view} />
      {view === 'numbers' && <NumbersPanel slug={slug} />}
      {view === 'definition' && <DefinitionEditor id={id} slug={slug} revision={revision} />}
      {view === 'live' && (
        <div className="split">
          {canvas && nodes && <JourneyCanvas nodes={nodes} edges={edgesOf(canvas, { live, travellers })} start={step} />}
          {node && <StepPanel key={node.id} workflowId={id} node={node} counts={live.steps.get(node.id) ?? null} close={() => choose(null)} />}
        </div>
      )}
    </>
  );
}

const NAMES: Record<View, string> = { live: 'Live', numbers: 'Numbers', definition: 'Definition' };

function Views({ slug, view }: { slug: string; view: View }) {
  return (
    <nav className="views" aria-label="Views">
      {views.map((each) => <Go key={each} to={{ screen: 'workflow', slug, view: each, step: null }} current={each === view}>{NAMES[each]}</Go>)}
    </nav>
  );
}

/** What the buttons do, by the state in which they are there. */
const STEERING: Partial<Record<Workflow['status'], { name: string; document: TypedDocumentString<{ answer: Given }, { id: string }> }>> = {
  ACTIVE: { name: 'Pause', document: PauseWorkflowDocument },
  PAUSED: { name: 'Resume', document: ResumeWorkflowDocument },
};

function Head({ workflow: { id, name, description, status, entryStopped, published, draft }, again, children }: { workflow: Workflow; again: () => void; children: ReactNode }) {
  const { busy, refusal, steer } = useSteer();
  const way = STEERING[status];
  return (
    <div className="bar">
      <div>
        <p className="crumbs"><Go to={home}>Workflows</Go></p>
        <h1>{name}</h1>
        {description && <p className="quiet">{description}</p>}
      </div>
      {children}
      <StateBadge word={workflowWords[status]} />
      <span className="quiet">{published ? `version ${published.number}` : `draft ${draft?.number ?? ''}`}{entryStopped ? ', entry stopped' : ''}</span>
      {way && <button type="button" disabled={busy} onClick={() => steer(way.document, { id }, again)}>{way.name}</button>}
      <Trouble error={refusal} />
    </div>
  );
}
