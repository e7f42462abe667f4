import { useMemo, useState } from 'react';
import { EnrollmentJourneyDocument, WatchEnrollmentDocument, type EnrollmentJourneyQuery } from '../../generated/operations/graphql.ts';
import { edgesOf, entryOf, nodesOf } from '../canvas/canvas-form.ts';
import { JourneyCanvas } from '../canvas/journey-canvas.tsx';
import { useCatalogue } from '../canvas/use-catalogue.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Go } from '../link/use-route.tsx';
import { useStream } from '../link/use-stream.ts';
import { pathOf, withEvent, type JourneyEvent, type Timeline } from '../model/timeline.ts';
import { enrollmentWords, nameOf } from '../model/words.ts';
import { StateBadge } from './state-badge.tsx';
import { SteerEnrollment } from './steer-enrollment.tsx';
import { TimelineList } from './timeline-list.tsx';

type Enrollment = NonNullable<EnrollmentJourneyQuery['enrollment']>;

/** One contact's way through a workflow: the path lit on the canvas, and what happened at each step and why. */
export function EnrollmentScreen({ id }: { id: string }) {
  const { data, error, again } = useAnswer(EnrollmentJourneyDocument, { id });
  if (error) return <p className="note bad" role="alert">{error}</p>;
  if (!data) return <p className="note">Loading …</p>;
  if (!data.enrollment) return <p className="note">There is no such enrollment here. <Go to={{ screen: 'home', search: '' }}>All workflows</Go></p>;
  // What was read anew is heard anew: the stream of a run that failed has ended, and a retry begins another.
  return <Open key={data.enrollment.lastCursor} enrollment={data.enrollment} again={again} />;
}

function Open({ enrollment, again }: { enrollment: Enrollment; again: () => void }) {
  const [events, setEvents] = useState<readonly JourneyEvent[]>([]);
  const error = useStream(WatchEnrollmentDocument, { enrollmentId: enrollment.id, after: enrollment.lastCursor }, ({ enrollmentEvents: event }) => {
    setEvents((before) => [...before, event]);
    return event.cursor;
  });
  const timeline = useMemo(() => events.reduce(withEvent, asRead(enrollment)), [events, enrollment]);
  return (
    <>
      <Head enrollment={enrollment} timeline={timeline} again={again} />
      {error && <p className="note bad" role="alert">{error}</p>}
      <div className="split">
        <Path enrollment={enrollment} timeline={timeline} />
        <TimelineList timeline={timeline} timezone={enrollment.contact?.timezone ?? 'UTC'} older={enrollment.stepLogs.pageInfo.hasPreviousPage} />
      </div>
    </>
  );
}

const asRead = ({ status, exitReason, stepLogs }: Enrollment): Timeline => ({ status, exitReason, steps: stepLogs.nodes, facts: new Map() });

function Head({ enrollment: { id, contact, workflow }, timeline: { status, exitReason }, again }: { enrollment: Enrollment; timeline: Timeline; again: () => void }) {
  return (
    <div className="bar">
      <div>
        <p className="crumbs"><Go to={{ screen: 'home', search: '' }}>Workflows</Go>{workflow && <> / <Go to={{ screen: 'workflow', slug: workflow.slug, view: 'live', step: null }}>{workflow.name}</Go></>}</p>
        <h1>{nameOf(contact)}</h1>
        {contact && <p className="quiet">{[contact.email, contact.phone, ...contact.tags.map((tag) => `#${tag}`)].filter(Boolean).join(' · ')}</p>}
      </div>
      <StateBadge word={enrollmentWords[status]} />
      {exitReason && <span className="quiet">{exitReason}</span>}
      <SteerEnrollment id={id} status={status} again={again} />
    </div>
  );
}

function Path({ enrollment: { version }, timeline }: { enrollment: Enrollment; timeline: Timeline }) {
  const catalogue = useCatalogue();
  const lit = useMemo(() => pathOf(timeline.steps, version ? entryOf(version.canvas) : []), [timeline.steps, version]);
  if (!version) return <p className="note">The version that this contact is in was deleted.</p>;
  return <JourneyCanvas nodes={nodesOf(version.canvas, catalogue, { lit, selected: timeline.steps.at(-1)?.stepKey ?? null })} edges={edgesOf(version.canvas, { lit })} />;
}
