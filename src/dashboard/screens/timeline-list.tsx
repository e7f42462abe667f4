import { useMemo } from 'react';
import type { JourneyStepFragment } from '../../generated/operations/graphql.ts';
import type { Timeline } from '../model/timeline.ts';
import { clockIn, lasting } from '../model/when.ts';
import { spoken, stepWords } from '../model/words.ts';
import { StateBadge } from './state-badge.tsx';

/** What happened, step by step. `older`: there is more before the first one. */
export function TimelineList({ timeline: { steps, facts }, timezone, older }: { timeline: Timeline; timezone: string; older: boolean }) {
  const { read, zone } = useMemo(() => clockIn(timezone), [timezone]);
  return (
    <section className="timeline" aria-label="Timeline">
      <p className="quiet">Times are {zone}.{older && ' The first steps of this long run are left out.'}</p>
      <ol>{steps.map((step) => <Entry key={step.seq} step={step} facts={facts.get(step.stepKey) ?? []} inZone={read} />)}</ol>
    </section>
  );
}

function Entry({ step, facts, inZone }: { step: JourneyStepFragment; facts: readonly string[]; inZone: (instant: string) => string }) {
  const { stepKey, visit, attempt, status, outcome, startedAt, completedAt, scheduledFor, decision, send, error } = step;
  return (
    <li>
      <div className="bar">
        <h3>{spoken(stepKey)}{visit > 1 ? `, visit ${visit}` : ''}</h3>
        <StateBadge word={stepWords[status]} />
      </div>
      <p className="quiet">
        <time dateTime={startedAt}>{inZone(startedAt)}</time>
        {completedAt ? `, ${lasting(Date.parse(completedAt) - Date.parse(startedAt))}` : scheduledFor && `, until ${inZone(scheduledFor)}`}
        {attempt > 1 && `, attempt ${attempt}`}{outcome && outcome !== 'next' && `, so “${spoken(outcome)}”`}
      </p>
      {decision && <p className="decision">{decision.text}</p>}
      {send && (
        <p className="message">
          {spoken(send.channel.toLowerCase())} to {send.to ?? 'nobody'}: {send.subject ?? send.status.toLowerCase()}
          {facts.map((fact) => <em key={fact}> · {spoken(fact)}</em>)}
        </p>
      )}
      {error && <p className="bad">{error}</p>}
      <InAndOut step={step} />
    </li>
  );
}

function InAndOut({ step: { input, output } }: { step: JourneyStepFragment }) {
  if (input === null && output === null) return null;
  return (
    <details>
      <summary>Input and output</summary>
      <pre>{JSON.stringify({ ...(input === null ? {} : { input }), ...(output === null ? {} : { output }) }, null, 2)}</pre>
    </details>
  );
}
