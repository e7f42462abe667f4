import { describe, expect, it } from 'vitest';
import { createLogger } from '../src/logger.ts';

describe('createLogger', () => {
  it('shows nobody\'s number, address, message or key', () => {
    const lines: string[] = [];
    const logger = createLogger('test', 'info', { write: (line) => lines.push(line) });
    logger.info(
      { contact: { id: 'c1', phone: '+15551234567', email: 'a@example.com' }, request: { headers: { authorization: 'Bearer k' } }, sms: { to: '+1', body: 'hello' } },
      'sent',
    );
    expect(JSON.parse(lines[0]!)).toMatchObject({ name: 'test', msg: 'sent', contact: { id: 'c1', phone: '[private]' } });
    expect(lines[0]).not.toMatch(/15551234567|example\.com|Bearer|hello/);
  });
});
