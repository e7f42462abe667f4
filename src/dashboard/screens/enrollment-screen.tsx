import { useEffect, useMemo, useState } from 'react';
import { EnrollmentCursorDocument, EnrollmentJourneyDocument, WatchEnrollmentDocument, type EnrollmentJourneyQuery } from '../../generated/operations/graphql.ts';
import { edgesOf, entryOf, nodesOf } from '../canvas/canvas-form.ts';
import { JourneyCanvas } from '../canvas/journey-canvas.tsx';
import { useCatalogue } from '../canvas/use-catalogue.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Go } from '../link/use-route.tsx';
import { useStream } from '../link/use-stream.ts';
import { home } from '../model/route.ts';
import { pathOf, withEvent, withRead, type Timeline } from '../model/timeline.ts';
import { enrollmentWords, nameOf } from '../model/words.ts';
import { StateBadge } from './state-badge.tsx';
import { SteerEnrollment } from './steer-enrollment.tsx';
import { TimelineList } from './timeline-list.tsx';
import { Loading, Trouble } from './trouble.tsx';
import { useAfterFirst } from './use-after-first.ts';
import { useEvery } from './use-every.ts';

type Enrollment = NonNullable<EnrollmentJourneyQuery['enrollment']>;

/** A failed run is looked at so often: its stream has ended, and somebody may retry it. */
const RETRIED_MS = 4_000;

/** One contact's way through a workflow: the path lit on the canvas, and what happened at each step and why. */
export function EnrollmentScreen({ id }: { id: string }) {
  const { data, error, again } = useAnswer(EnrollmentJourneyDocument, { id });
  if (!data) return <Loading error={error} />;
  if (!data.enrollment) return <p className="note">There is no such enrollment here. <Go to={home}>All workflows</Go></p>;
  return <Open enrollment={data.enrollment} timezone={data.enrollment.contact?.timezone ?? data.location.timezone} failing={error} again={again} />;
}

function Open({ enrollment, timezone, failing, again }: { enrollment: Enrollment; timezone: string; failing: string | null; again: () => void }) {
  const [timeline, setTimeline] = useState(() => withRead(null, asRead(enrollment)));
  useAfterFirst(() => setTimeline((before) => withRead(before, asRead(enrollment))), enrollment);
  const error = useStream(WatchEnrollmentDocument, { enrollmentId: enrollment.id, after: enrollment.lastCursor }, ({ enrollmentEvents: event }) => {
    setTimeline((before) => withEvent(before, event));
    return event.cursor;
  });
  return (
    <>
      <title>{`${nameOf(enrollment.contact)} · Millrace`}</title>
      <Head enrollment={enrollment} timeline={timeline} again={again} />
      <Trouble error={error ?? failing} />
      {timeline.status === 'FAILED' && <Retried enrollment={enrollment} again={again} />}
      <div className="split">
        <Path enrollment={enrollment} timeline={timeline} />
        <TimelineList timeline={timeline} timezone={timezone} older={enrollment.stepLogs.pageInfo.hasPreviousPage} />
      </div>
    </>
  );
}

/** Reads a failed run anew when somebody retried it. */
function Retried({ enrollment: { id, lastCursor }, again }: { enrollment: Enrollment; again: () => void }) {
  const { data, again: look } = useAnswer(EnrollmentCursorDocument, { id });
  useEvery(look, RETRIED_MS);
  const cursor = data?.enrollment?.lastCursor ?? lastCursor;
  useEffect(() => {
    if (cursor !== lastCursor) again();
  }, [cursor, lastCursor, again]);
  return null;
}

const asRead = ({ status, exitReason, stepLogs }: Enrollment) => ({ status, exitReason, steps: stepLogs.nodes });

function Head({ enrollment: { id, contact, workflow }, timeline: { status, exitReason }, again }: { enrollment: Enrollment; timeline: Timeline; again: () => void }) {
  return (
    <div className="bar">
      <div>
        <p className="crumbs">
          <Go to={home}>Workflows</Go>
          {workflow && <> / <Go to={{ screen: 'workflow', slug: workflow.slug, view: 'live', step: null }}>{workflow.name}</Go></>}
        </p>
        <h1>{nameOf(contact)}</h1>
        {contact && contact.deletedAt === null && <p className="quiet">{[contact.email, contact.phone, ...contact.tags.map((tag) => `#${tag}`)].filter(Boolean).join(' · ')}</p>}
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
  const here = timeline.steps.at(-1)?.stepKey ?? null;
  return <JourneyCanvas nodes={nodesOf(version.canvas, catalogue, { lit, selected: here })} edges={edgesOf(version.canvas, { lit })} start={here} />;
}
