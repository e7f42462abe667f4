import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staysOf } from '../../src/live/stays.ts';
import { openStreams } from '../../src/live/stream.ts';
import { createLiveStage, type LiveStage } from '../support/live-stage.ts';
import { until } from '../support/until.ts';

/** Places of a key, as the product sets them. */
const PLACES = 1_000;

let stage: LiveStage;
beforeAll(async () => void (stage = await createLiveStage()));
afterAll(() => stage.close());

async function makeKey(): Promise<{ id: string; uuid: string; secret: string }> {
  const { data } = await stage.gql('mutation { createApiKey(input: { name: "short", scopes: [READ] }) { ... on CreateApiKeyPayload { secret apiKey { id uuid } } } }');
  return { secret: data.createApiKey.secret, ...data.createApiKey.apiKey };
}

describe.each([
  ['a WebSocket', 1013, 4403],
  ['GraphQL over Server-Sent Events', 'RATE_LIMITED', 'UNAUTHENTICATED'],
  ['REST', 429, 'UNAUTHENTICATED'],
] as const)('%s', (door, full, revoked) => {
  it('is refused when its key holds as many as it may, and has a place when one is free', async () => {
    const { uuid, secret } = await makeKey();
    const places = Array.from({ length: PLACES }, () =>
      staysOf(stage.bus).begin(
        { keyId: uuid },
        async () => undefined,
        () => undefined,
      ),
    );
    const refused = stage.opens[door](null, secret);
    await until('it is refused', () => refused.ended !== null);
    expect(refused.ended).toBe(full);
    places.pop()!();
    const taken = stage.opens[door](null, secret);
    await until('it hears', () => {
      stage.publish(1);
      return taken.cursors.length > 0;
    });
    for (const leave of places) leave();
    taken.close();
    await until('it left', () => openStreams() === 0);
  });

  it('ends when its key is revoked', async () => {
    const { id, secret } = await makeKey();
    const reader = stage.opens[door](null, secret);
    await until('it hears', () => {
      stage.publish(1);
      return reader.cursors.length > 0;
    });
    await stage.gql('mutation($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }', { id });
    await until('it has ended', () => reader.ended !== null);
    expect(reader.ended).toBe(revoked);
    await until('nothing is left open', () => openStreams() === 0);
  });
});
