import { useEffect, useRef, useState } from 'react';
import { FollowActivityDocument, type FollowActivitySubscription } from '../../generated/operations/graphql.ts';
import { useLostAt } from '../link/link-context.tsx';
import { Go } from '../link/use-route.tsx';
import { useStream } from '../link/use-stream.ts';
import { Trouble } from './trouble.tsx';
import { enrollmentWords, spoken } from '../model/words.ts';

type Activity = FollowActivitySubscription['workflowEvents'];
const SHOWN = 40;
/** The list is drawn this often: more than a person reads, less than a campaign tells. */
const DRAW_MS = 250;

/** What happens, newest first. */
export function ActivityFeed({ workflows }: { workflows: readonly { id: string; name: string }[] }) {
  const [shown, setShown] = useState<readonly Activity[]>([]);
  const heard = useRef<{ news: readonly Activity[]; drawing: boolean }>({ news: [], drawing: false });
  const draw = (): void => {
    heard.current.drawing = false;
    setShown(heard.current.news);
  };
  const note = (event: Activity): void => {
    heard.current.news = [event, ...heard.current.news].slice(0, SHOWN);
    if (!heard.current.drawing) setTimeout(draw, DRAW_MS);
    heard.current.drawing = true;
  };
  // No cursor is given back: after an absence a person wants to see what happens now, not a night of what did.
  const error = useStream(FollowActivityDocument, {}, ({ workflowEvents }) => note(workflowEvents));
  const lostAt = useLostAt();
  useEffect(() => {
    if (lostAt !== null) note({ __typename: 'ActivityGap', cursor: `lost ${lostAt}`, reason: 'the line was lost for a while.' });
  }, [lostAt]);
  const names = new Map(workflows.map(({ id, name }) => [id, name]));
  return (
    <aside className="feed" aria-label="Activity">
      <h2>Activity</h2>
      <Trouble error={error} />
      {!error && shown.length === 0 && <p className="note">Nothing has moved since you opened this page.</p>}
      <ol>{shown.map((event) => <li key={`${event.cursor} ${event.__typename}`}><News event={event} names={names} /></li>)}</ol>
    </aside>
  );
}

function News({ event, names }: { event: Activity; names: ReadonlyMap<string, string> }) {
  if (event.__typename === 'ActivityGap') return <span className="quiet">Some news are missing: {event.reason}</span>;
  const { enrollmentId, workflowId } = event;
  return (
    <Go to={{ screen: 'enrollment', id: enrollmentId }}>
      <strong>{saying(event)}</strong>
      <span className="quiet">{names.get(workflowId) ?? ''}</span>
    </Go>
  );
}

function saying(event: Exclude<Activity, { __typename: 'ActivityGap' }>): string {
  if (event.__typename === 'RunEnded') return `${enrollmentWords[event.status].mark} ${enrollmentWords[event.status].text}`;
  if (event.__typename === 'ContactEntered') return `→ came in, at ${spoken(event.to)}`;
  return event.to === '' ? `${spoken(event.from)}: ${spoken(event.outcome)}` : `${spoken(event.from)} → ${spoken(event.to)}`;
}
