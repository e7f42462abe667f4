import { useState } from 'react';
import { WatchTotalsDocument, WorkflowsOverviewDocument, type WorkflowsOverviewQuery } from '../../generated/operations/graphql.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Go, go } from '../link/use-route.tsx';
import { useStream } from '../link/use-stream.ts';
import type { Totals } from '../model/live-canvas.ts';
import { spoken, workflowWords } from '../model/words.ts';
import { ActivityFeed } from './activity-feed.tsx';
import { StateBadge } from './state-badge.tsx';
import { TotalsLine } from './totals-line.tsx';
import { Trouble } from './trouble.tsx';
import { useEvery } from './use-every.ts';
import { useSettled } from './use-settled.ts';

const SEARCH_MS = 200;
/** Which workflows there are, and how they stand; their counts are live. */
const READ_MS = 5_000;
type Overview = WorkflowsOverviewQuery['workflows']['nodes'][number];

/** All workflows with their live counts, and what happens in them. */
export function HomeScreen({ search }: { search: string }) {
  const { data, error, again } = useAnswer(WorkflowsOverviewDocument, { search: useSettled(search, SEARCH_MS) || null });
  useEvery(again, READ_MS);
  const workflows = data?.workflows.nodes ?? [];
  return (
    <>
      <section className="workflows" aria-label="Workflows">
        <div className="bar">
          <h1>{data?.location.name ?? 'Workflows'}</h1>
          <input
            type="search" placeholder="Search workflows" aria-label="Search workflows"
            value={search} onChange={({ target }) => go({ screen: 'home', search: target.value }, 'replace')}
          />
        </div>
        <Trouble error={error} />
        {data && workflows.length === 0 && <Nothing search={search} />}
        <ul>{workflows.map((workflow) => <WorkflowRow key={workflow.id} workflow={workflow} />)}</ul>
        {data?.workflows.pageInfo.hasNextPage && <p className="note">These are the 50 that changed last. Search for the others.</p>}
      </section>
      <ActivityFeed workflows={workflows} />
    </>
  );
}

function WorkflowRow({ workflow: { id, slug, name, status, triggers } }: { workflow: Overview }) {
  const [totals, setTotals] = useState<Totals | null>(null);
  useStream(WatchTotalsDocument, { workflowId: id }, ({ workflowLive }) => setTotals(workflowLive.totals));
  return (
    <li>
      <Go to={{ screen: 'workflow', slug, view: 'live', step: null }} className="row">
        <span className="name">{name}</span>
        <StateBadge word={workflowWords[status]} />
        <span className="quiet">{triggers.map(({ type }) => spoken(type)).join(', ')}</span>
        <TotalsLine totals={totals} />
      </Go>
    </li>
  );
}

function Nothing({ search }: { search: string }) {
  if (search !== '') return <p className="note">No workflow has “{search}” in its name.</p>;
  return (
    <div className="note">
      <p>There is no workflow yet. Import the example, publish it, and let somebody in:</p>
      <pre>{'export MILLRACE_API_KEY=…\nnpx millrace import examples/new-lead-nurture.workflow.yaml --publish'}</pre>
    </div>
  );
}
