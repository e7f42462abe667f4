import { WhoIsAtStepDocument } from '../../generated/operations/graphql.ts';
import type { Canvas } from '../canvas/canvas-form.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Go } from '../link/use-route.tsx';
import type { StepCounts } from '../model/live-canvas.ts';
import { inUtc } from '../model/when.ts';
import { nameOf, spoken } from '../model/words.ts';
import { Trouble } from './trouble.tsx';
import { useAfterFirst } from './use-after-first.ts';
import { usePaced } from './use-paced.ts';

/** The list is read anew at most so often: where a campaign passes, its number changes with every frame. */
const READ_MS = 2_000;

/** What a step is set to, and who is there. The list is read anew when the number of those who wait has changed. */
export function StepPanel({ workflowId, node, counts, close }: { workflowId: string; node: Canvas['nodes'][number]; counts: StepCounts | null; close: () => void }) {
  const { data, error, again } = useAnswer(WhoIsAtStepDocument, { workflowId, step: node.id });
  useAfterFirst(again, usePaced(counts?.waiting ?? 0, READ_MS));
  const there = data?.enrollments.nodes ?? [];
  return (
    <aside className="panel" aria-label={`Step ${node.id}`}>
      <div className="bar">
        <h2>{spoken(node.id)}</h2>
        <button type="button" className="plain" onClick={close} aria-label="Close">✕</button>
      </div>
      <p className="quiet">{spoken(node.type)} · <code>{node.id}</code></p>
      <pre>{JSON.stringify((node.data as { config?: unknown }).config ?? {}, null, 2)}</pre>
      <h3>Here now</h3>
      <Trouble error={error} />
      {data && there.length === 0 && <p className="note">Nobody.</p>}
      <ul>
        {there.map(({ uuid, contact, nextRunAt }) => (
          <li key={uuid}><Go to={{ screen: 'enrollment', id: uuid }}>{nameOf(contact)}{nextRunAt && <span className="quiet">until {inUtc(nextRunAt)} UTC</span>}</Go></li>
        ))}
      </ul>
      {data?.enrollments.pageInfo.hasNextPage && <p className="note">And more: <code>enrollments(filter: …)</code> has them all.</p>}
    </aside>
  );
}
