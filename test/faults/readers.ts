import { WebSocket } from 'ws';
import type { Stage } from './stage.ts';

/** Hears one run's events from behind the last that it has, and adds their places to `heard`. True when the server said that there is no more. */
type Listen = (stage: Stage, enrollmentId: string, heard: string[]) => Promise<boolean>;

/** Follows a run to its end: whenever the line breaks it comes back behind the last event that it has. Gives the places of all events. */
async function follow(stage: Stage, enrollmentId: string, listen: Listen): Promise<string[]> {
  const ids: string[] = [];
  for (const deadline = Date.now() + 180_000; Date.now() < deadline;) {
    const over = await listen(stage, enrollmentId, ids).catch(() => false);
    if (over) return ids;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The stream of ${enrollmentId} did not end.`);
}

/** As EventSource does. */
async function listenToEvents(stage: Stage, enrollmentId: string, ids: string[]): Promise<boolean> {
  const last = ids.at(-1);
  const response = await fetch(`${stage.apiUrl}/api/enrollments/${enrollmentId}/logs`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${stage.tenants[0].key}`, ...(last && { 'last-event-id': last }) },
  });
  if (response.status === 204) return true;
  if (response.status !== 200 || !response.body) return false;
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const frames = (text + chunk).split('\n\n');
    text = frames.pop()!;
    for (const frame of frames) ids.push(.../^id: ?(.+)$/m.exec(frame)?.slice(1) ?? []);
  }
  return false;
}

const EVENTS =
  'subscription ($id: ID!, $after: Cursor) { enrollmentEvents(enrollmentId: $id, after: $after) { ... on StepStarted { cursor } ... on StepEnded { cursor } ... on StatusChanged { cursor } ... on TrackingFact { cursor } } }';

/** As a GraphQL client does, over graphql-transport-ws. */
function listenOverSocket(stage: Stage, id: string, cursors: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${stage.apiUrl.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const say = (message: object): void => socket.send(JSON.stringify(message));
    const over = (whole: boolean): void => {
      resolve(whole);
      socket.terminate();
    };
    const answers: Record<string, (payload: Next) => void> = {
      connection_ack: () => say({ id: '1', type: 'subscribe', payload: { query: EVENTS, variables: { id, after: cursors.at(-1) ?? null } } }),
      next: ({ data }) => (data ? void cursors.push(data.enrollmentEvents.cursor) : over(false)),
      error: () => over(false),
      complete: () => over(true),
      ping: () => say({ type: 'pong' }),
    };
    socket.on('open', () => say({ type: 'connection_init', payload: { authorization: `Bearer ${stage.tenants[0].key}` } }));
    socket.on('message', (text) => {
      const { type, payload } = JSON.parse(String(text)) as { type: string; payload: Next };
      answers[type]?.(payload);
    });
    socket.on('error', () => over(false)).on('close', () => over(false));
  });
}

interface Next {
  data?: { enrollmentEvents: { cursor: string } };
}

/** Both ways in which a run can be followed. */
export const readers: Record<string, (stage: Stage, enrollmentId: string) => Promise<string[]>> = {
  'REST events': (stage, id) => follow(stage, id, listenToEvents),
  'GraphQL over a socket': (stage, id) => follow(stage, id, listenOverSocket),
};
