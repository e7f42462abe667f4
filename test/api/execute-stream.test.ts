import { type ExecutionResult, type GraphQLError, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executeStream, type ToldBatch } from '../../src/api/execute-stream.ts';
import { schema } from '../../src/api/schema.ts';
import type { Bus, Heard } from '../../src/core/ports/outside.ts';
import { createApiStage, type ApiStage } from '../support/api-stage.ts';
import { until } from '../support/until.ts';

let stage: ApiStage;
beforeAll(async () => void (stage = await createApiStage()));
afterAll(() => stage.close());

type Batches = AsyncIterableIterator<ToldBatch>;
const FEED = parse(
  'subscription($after: Cursor, $reason: Boolean = true) { workflowEvents(after: $after) { ... on ContactMoved { cursor to } ... on ActivityGap { reason @include(if: $reason) } } }',
);

async function open(bus: Bus, variableValues: object, key = stage.here.admin): Promise<Batches> {
  const api = await stage.enter(`Bearer ${key}`);
  const contextValue = { ...api, ctx: { ...api.ctx, bus } };
  const answer: Batches | ExecutionResult = await executeStream(
    { schema, document: FEED, variableValues: { reason: true, ...variableValues }, contextValue },
    (error) => error as GraphQLError,
  );
  if (!(Symbol.asyncIterator in answer)) throw new Error(JSON.stringify(answer));
  return answer;
}

/** A bus with a history, as the one on Redis. */
function busWithHistory(): Bus & { tell(): void } {
  const listeners = new Set<(message: Heard['message'], position?: string) => void>();
  const history: Heard[] = [];
  return {
    tell() {
      const message = {
        locationId: stage.here.who.locationId,
        workflowId: 'w',
        at: 0,
        runs: [{ id: 'r', rev: 1, status: 'active', moves: [['a', 'next', 'b'] as [string, string, string]] }],
        counts: {},
      };
      history.push({ position: `1-${history.length + 1}`, message });
      for (const each of listeners) each(message, history.at(-1)!.position);
    },
    publish: () => undefined,
    subscribe: (listener) => (listeners.add(listener), () => void listeners.delete(listener)),
    from: async (position, limit) => history.slice(history.findIndex((heard) => heard.position === position)).slice(0, limit),
    close: async () => undefined,
  };
}

describe('an event', () => {
  it('is executed once for all who ask the same, those included who came back behind a cursor', async () => {
    const bus = busWithHistory();
    for (let n = 0; n < 3; n += 1) bus.tell(); // before this process listened
    const [first, returned, elsewhere] = [await open(bus, {}), await open(bus, { after: '1-2.1' }), await open(bus, { reason: false })];
    const waiting = [first.next(), elsewhere.next()];
    const missed = await returned.next();
    expect(missed.value.map(({ data }: ExecutionResult) => data)).toEqual([{ workflowEvents: { cursor: '1-3.1', to: 'b' } }]);
    const next = returned.next();
    bus.tell();
    const batch = (await waiting[0]!).value as ToldBatch;
    expect(batch.map(({ data }) => data)).toEqual([{ workflowEvents: { cursor: '1-4.1', to: 'b' } }]);
    expect((await waiting[1]!).value).not.toBe(batch);
    // The first page behind the history is the reader's own; from then on it is everybody's.
    expect((await next).value).toEqual(batch);
    const [again, theirs] = [first.next(), returned.next()];
    let told = false;
    void again.then(() => (told = true));
    bus.tell();
    await until('the window has passed', () => told);
    expect((await theirs).value).toBe((await again).value);
    for (const each of [first, returned, elsewhere]) await each.return!();
  });

  it('is executed for each scope on its own', async () => {
    const bus = busWithHistory();
    const [admin, reader] = [await open(bus, {}), await open(bus, {}, await stage.here.key('read'))];
    const both = [admin.next(), reader.next()];
    bus.tell();
    const [one, other] = await Promise.all(both);
    expect(one!.value).toEqual(other!.value);
    expect(one!.value).not.toBe(other!.value);
    for (const each of [admin, reader]) await each.return!();
  });
});
