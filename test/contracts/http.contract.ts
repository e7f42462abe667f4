import { describe, expect, test } from 'vitest';
import type { HttpProvider } from '../../src/core/ports/outside.ts';

/** What every HTTP provider promises: any status is an answer, and the send's id goes along. `url` must answer. */
export function httpContract(name: string, setUp: () => { provider: HttpProvider; url: string }): void {
  describe(`HTTP provider ${name}`, () => {
    test('calls a URL and brings the answer', async () => {
      const { provider, url } = setUp();
      expect(await provider.request({ sendId: 's1', url, method: 'POST', headers: {}, body: '{"a":1}', timeoutMs: 5_000 })).toMatchObject({
        status: 200,
        body: expect.any(String),
      });
    });
  });
}
