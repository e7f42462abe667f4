import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EmailMessage, EmailProvider } from '../../src/core/ports/outside.ts';
import { createSmtpProvider } from '../../src/providers/email-smtp.ts';
import { emailContract } from '../contracts/email.contract.ts';
import { startSmtpDouble, type SmtpDouble } from '../support/smtp-double.ts';

let double: SmtpDouble;
let provider: EmailProvider;
beforeEach(async () => {
  double = await startSmtpDouble();
  provider = createSmtpProvider({ url: double.url, timeoutMs: 5_000 });
});
afterEach(async () => {
  await provider.close();
  await double.close();
});

const mail = (given: Partial<EmailMessage> = {}): EmailMessage => ({
  sendId: 's1',
  messageId: '<s1@acme.example>',
  to: 'ana@example.com',
  from: 'Acme <hello@acme.example>',
  replyTo: null,
  subject: 'Hi',
  html: '<p>Hi</p>',
  text: null,
  headers: {},
  ...given,
});

emailContract('smtp', () => ({ provider, taken: () => double.ledger.map(({ messageId, to, subject }) => ({ messageId, to, subject })) }));

test.each([[421, true], [450, true], [554, false]])('a server that answers %i: retryable %s', async (code, retryable) => {
  double.onMail = () => ({ code, text: 'no' });
  await expect(provider.send(mail())).rejects.toMatchObject({ name: 'ProviderError', retryable, unknown: false });
});

test('one refused recipient of many fails alone', async () => {
  double.onRecipient = (address) => (address.startsWith('bad') ? { code: 554, text: 'no such user' } : undefined);
  const results = await Promise.allSettled(
    Array.from({ length: 30 }, (_, n) => provider.send(mail({ messageId: `<${n}@acme.example>`, to: n === 7 ? 'bad@example.com' : `p${n}@example.com` }))),
  );
  expect(results.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([7]);
  expect(double.ledger).toHaveLength(29);
});

test('a connection lost after the message is silence, and the pool does not send it again', async () => {
  double.onMail = () => 'drop';
  await expect(provider.send(mail())).rejects.toMatchObject({ retryable: true, unknown: true });
  expect(double.ledger).toHaveLength(1);
});

test('a server that is not there took nothing', async () => {
  const nobody = createSmtpProvider({ url: 'smtp://127.0.0.1:1', timeoutMs: 2_000 });
  await expect(nobody.send(mail())).rejects.toMatchObject({ retryable: true, unknown: false });
  await nobody.close();
});

describe('header injection', () => {
  test.each([
    ['subject', { subject: 'Hi\r\nBcc: all@example.com' }],
    ['to', { to: 'a@example.com\nb' }],
    ['two recipients', { to: 'a@example.com, b@example.com' }],
    ['a header', { headers: { 'X-One': 'a\nb' } }],
  ])('%s is refused', async (_name, given) => {
    await expect(provider.send(mail(given))).rejects.toMatchObject({ retryable: false, unknown: false });
    expect(double.ledger).toEqual([]);
  });
});
