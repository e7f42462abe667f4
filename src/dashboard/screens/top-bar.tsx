import { useState } from 'react';
import { WatchSystemDocument, type WatchSystemSubscription } from '../../generated/operations/graphql.ts';
import type { LineState } from '../link/link.ts';
import { useStream } from '../link/use-stream.ts';
import { Go } from '../link/use-route.tsx';
import { home } from '../model/route.ts';
import { inUtc } from '../model/when.ts';
import { Doors } from './sign-in.tsx';

type System = WatchSystemSubscription['systemStatus'];

/** The way home, what time it is in the journeys, and whether what one sees is live. */
export function TopBar({ line, leave }: { line: LineState; leave: () => void }) {
  const [system, setSystem] = useState<System | null>(null);
  useStream(WatchSystemDocument, {}, ({ systemStatus }) => setSystem(systemStatus));
  return (
    <header className="top">
      <Go to={home} className="brand">Millrace</Go>
      {system && <SystemLine system={system} />}
      <Line line={line} />
      <Doors />
      <button type="button" className="plain" onClick={leave}>Leave</button>
    </header>
  );
}

function SystemLine({ system: { clockSpeed, journeyNow, queues } }: { system: System }) {
  const backlog = (queues ?? []).reduce((sum, { waiting }) => sum + waiting, 0);
  return (
    <p className="system">
      <time dateTime={journeyNow} title="Journey time, UTC: what waits and schedules go by">{inUtc(journeyNow)}</time>
      {clockSpeed !== 1 && <span title="Journey time runs this much faster than real time">{clockSpeed.toLocaleString('en')} ×</span>}
      {backlog > 0 && <span title={(queues ?? []).map(({ name, waiting }) => `${name} ${waiting}`).join(', ')}>{backlog.toLocaleString('en')} queued</span>}
    </p>
  );
}

const LINES = { connecting: '○ connecting', live: '● live', refused: '✕ refused', ended: '✕ ended by the server: load the page again' } as const;

function Line({ line }: { line: LineState }) {
  const text = line.kind === 'lost' ? `◌ reconnecting since ${new Date(line.since).toLocaleTimeString('en-GB')}` : LINES[line.kind];
  return <p className={`line ${line.kind}`} role="status">{text}</p>;
}
