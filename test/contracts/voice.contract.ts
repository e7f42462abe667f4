import { describe, expect, test } from 'vitest';
import type { VoiceProvider } from '../../src/core/ports/outside.ts';

/** What every voice provider promises. `lists` is false for one that keeps nothing to look up. */
export function voiceContract(name: string, setUp: () => { provider: VoiceProvider; lists: boolean }): void {
  describe(`voice provider ${name}`, () => {
    test('makes a call, and finds just that one', async () => {
      const { provider, lists } = setUp();
      const call = { sendId: 's1', to: '+15551230001', audioUrl: null, say: 'Hello', statusCallback: null };
      const since = Date.now();
      expect(await provider.find(call, since)).toBeNull();
      const made = await provider.call(call);
      expect(made.result).toEqual({ call_id: made.providerId });
      if (lists) expect(await provider.find(call, since)).toMatchObject({ providerId: made.providerId });
      expect(await provider.find({ ...call, to: '+15551230002' }, since)).toBeNull();
    });
  });
}
