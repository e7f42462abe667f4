import { describe, expect, test } from 'vitest';
import type { SmsProvider } from '../../src/core/ports/outside.ts';

/** What every SMS provider promises. `lists` is false for one that keeps nothing to look up. */
export function smsContract(name: string, setUp: () => { provider: SmsProvider; lists: boolean }): void {
  describe(`SMS provider ${name}`, () => {
    test('takes a message, and finds just that one', async () => {
      const { provider, lists } = setUp();
      const message = { sendId: 's1', to: '+15551230001', body: 'Hello', mediaUrl: null, statusCallback: null };
      const since = Date.now();
      expect(await provider.find(message, since)).toBeNull();
      const sent = await provider.send(message);
      expect(sent.result).toMatchObject({ message_id: sent.providerId, segments: 1 });
      if (lists) expect(await provider.find(message, since)).toMatchObject({ providerId: sent.providerId });
      expect(await provider.find({ ...message, body: 'Another' }, since)).toBeNull();
      expect(await provider.find({ ...message, to: '+15551230002' }, since)).toBeNull();
      expect(await provider.find(message, since + 60_000)).toBeNull();
    });
  });
}
