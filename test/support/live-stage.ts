import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket } from 'ws';
import { attachWebSocket, type WebSocketLimits } from '../../src/api/websocket.ts';
import { createAdmission } from '../../src/http/auth.ts';
import { sendResponse, toRequest } from '../../src/http/node-bridge.ts';
import { createRest } from '../../src/rest/rest.ts';
import { createApiStage } from './api-stage.ts';

export type LiveStage = Awaited<ReturnType<typeof createLiveStage>>;

/** One who follows a workflow's activity: the cursors that it was told, in their order, and how it ended. */
export interface Reader {
  cursors: string[];
  /** The cursor that it may resume from, once it was let go. */
  letGo: string | null;
  /** Close code, status or error code of an end that was not its own wish. */
  ended: number | string | null;
  pause(): void;
  resume(): void;
  close(): void;
}
export type Open = (after: string | null, key?: string) => Reader;

/** One result of the subscription. An error names the cursor to resume from, when the reader was let go. */
function hear(reader: Reader, { data, errors }: { data?: { workflowEvents: { cursor: string } } | null; errors?: { message: string; extensions: { code: string } }[] }): void {
  if (data?.workflowEvents) reader.cursors.push(data.workflowEvents.cursor);
  if (!errors) return;
  reader.letGo = cursorIn(errors[0]!.message);
  reader.ended = errors[0]!.extensions.code;
}
const cursorIn = (message: string): string | null => /resume from cursor "([^"]+)"/.exec(message)?.[1] ?? null;

/** The API's doors for streams on a port of their own: the socket, GraphQL over Server-Sent Events, and REST. */
export async function createLiveStage(limits: Partial<WebSocketLimits> = {}) {
  const stage = await createApiStage();
  const rest = createRest(stage.ctx, createAdmission(stage.ctx));
  const server = createServer((incoming, outgoing) => {
    if (incoming.url!.startsWith('/graphql')) return void stage.yoga(incoming, outgoing);
    void rest(toRequest(incoming, 'http://test', new AbortController().signal)).then((response) => sendResponse(response, outgoing));
  });
  const wires = new Set<Socket>();
  server.on('connection', (socket) => wires.add(socket));
  const doors = attachWebSocket(server, { ...stage, logger: stage.ctx.logger }, limits);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const yaml = 'name: Busy\ntrigger: { type: manual }\nsteps:\n  - { id: one, type: set, config: { values: { a: 1 } } }\n';
  const { data } = await stage.gql('mutation($y: String!) { createWorkflow(input: { source: { yaml: $y } }) { ... on CreateWorkflowPayload { workflow { id uuid } } } }', {
    y: yaml,
  });
  const workflow = data.createWorkflow.workflow as { id: string; uuid: string };
  const url = `ws://127.0.0.1:${port}/graphql`;

  const query =
    'subscription($w: ID!, $after: Cursor) { workflowEvents(filter: { workflowIds: [$w] }, after: $after) { ... on ContactMoved { cursor to } ... on ActivityGap { cursor reason } } }';
  const queryOf = (after: string | null): object => ({ query, variables: { w: workflow.id, after } });

  const overSocket: Open = (after, key = stage.here.admin) => {
    const socket = new WebSocket(url, 'graphql-transport-ws');
    const reader: Reader = { cursors: [], letGo: null, ended: null, pause: () => socket.pause(), resume: () => socket.resume(), close: () => socket.terminate() };
    socket.on('error', () => undefined);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } })));
    socket.on('message', (text) => {
      const message = JSON.parse(String(text));
      if (message.type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: queryOf(after) }));
      if (message.type === 'next') hear(reader, message.payload);
    });
    socket.on('close', (code, reason) => {
      reader.letGo ??= /^LAGGING: resume from cursor (\S+)$/.exec(String(reason))?.[1] ?? null;
      reader.ended ??= code;
    });
    return reader;
  };

  const overEvents =
    (
      head: (after: string | null) => { method: string; path: string; headers: Record<string, string>; body?: string },
      block: (reader: Reader, event: string, id: string, data: string) => void,
    ): Open =>
    (after, key = stage.here.admin) => {
      const { body, headers, ...rest } = head(after);
      let response: IncomingMessage | null = null;
      const asked = request({ host: '127.0.0.1', port, ...rest, headers: { ...headers, accept: 'text/event-stream', authorization: `Bearer ${key}` } }, (answer) => {
        let text = '';
        response = answer.setEncoding('utf8').on('error', () => undefined);
        if (answer.statusCode !== 200) reader.ended = answer.statusCode!;
        answer.on('data', (chunk: string) => {
          const blocks = (text + chunk).split('\n\n');
          text = blocks.pop()!;
          for (const each of blocks) block(reader, /^event: (.*)$/m.exec(each)?.[1] ?? '', /^id: (.*)$/m.exec(each)?.[1] ?? '', /^data: (.*)$/m.exec(each)?.[1] ?? '');
        });
      });
      const reader: Reader = {
        cursors: [],
        letGo: null,
        ended: null,
        pause: () => void response?.pause(),
        resume: () => void response?.resume(),
        close: () => void asked.destroy(),
      };
      asked.on('error', () => undefined);
      asked.end(body);
      return reader;
    };
  const overGraphqlEvents = overEvents(
    (after) => ({ method: 'POST', path: '/graphql', headers: { 'content-type': 'application/json' }, body: JSON.stringify(queryOf(after)) }),
    (reader, event, _id, text) => event === 'next' && hear(reader, JSON.parse(text)),
  );
  const overRest = overEvents(
    (after) => ({ method: 'GET', path: `/api/workflows/${workflow.uuid}/events`, headers: { ...(after !== null && { 'last-event-id': after }) } }),
    (reader, event, id, text) => {
      if (event === 'moved' || event === 'gap') reader.cursors.push(id);
      if (event !== 'error') return;
      const { detail, code } = JSON.parse(text) as { detail: string; code: string };
      reader.letGo = cursorIn(detail);
      reader.ended = code;
    },
  );

  let commits = 0;
  /** Tells of so many moves of one run, `A_MESSAGE` a commit; `to` makes them heavy. */
  function publish(events: number, to = 'b'): void {
    for (let left = events; left > 0; left -= A_MESSAGE) {
      const moves = Array.from({ length: Math.min(left, A_MESSAGE) }, (): [string, string, string] => ['a', 'next', to]);
      stage.bus.publish({
        locationId: stage.here.who.locationId,
        workflowId: workflow.uuid,
        at: 0,
        runs: [{ id: '00000000-0000-7000-8000-000000000001', rev: (commits += 1), status: 'active', moves }],
        counts: {},
      });
    }
  }

  return {
    ...stage, url, wires, workflow, publish,
    opens: { 'a WebSocket': overSocket, 'GraphQL over Server-Sent Events': overGraphqlEvents, 'REST': overRest } satisfies Record<string, Open>,
    async close(): Promise<void> {
      await doors.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await stage.close();
    },
  };
}

const A_MESSAGE = 200;
