import { describe, expect, test } from 'vitest';
import type { EmailProvider } from '../../src/core/ports/outside.ts';

/** What every e-mail provider promises. `taken` is what arrived at its far end, or null where there is none. */
export function emailContract(name: string, setUp: () => { provider: EmailProvider; taken: (() => { messageId: string; to: string; subject: string }[]) | null }): void {
  describe(`e-mail provider ${name}`, () => {
    test('takes a message under the Message-ID that it was given, every time', async () => {
      const { provider, taken } = setUp();
      const message = {
        sendId: 's9',
        messageId: '<s9@acme.example>',
        to: 'ana@example.com',
        from: 'hello@acme.example',
        replyTo: null,
        subject: 'Grüße',
        html: null,
        text: 'Hi',
        headers: {},
      };
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const { providerId, result } = await provider.send(message);
        expect([providerId, result['message_id']]).toEqual(['<s9@acme.example>', '<s9@acme.example>']);
      }
      if (taken) expect(taken()).toEqual(Array.from({ length: 2 }, () => ({ messageId: '<s9@acme.example>', to: 'ana@example.com', subject: 'Grüße' })));
    });
  });
}
