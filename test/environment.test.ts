import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../src/environment.ts';

describe('readEnvironment', () => {
  it('needs nothing', () => {
    expect(readEnvironment({})).toEqual({
      port: 4000, host: '127.0.0.1', publicUrl: 'http://127.0.0.1:4000', publicUrlGiven: false, databaseUrl: null, redisUrl: null, redisPrefix: 'millrace', bootstrapApiKey: null,
      locationName: 'Main location', dataDir: '.millrace', clockSpeed: null, demo: true, smtpUrl: null, emailFrom: null, twilio: null, secretsKey: null,
      outboundAllow: [], keep: { refusalsDays: 30, eventsDays: 400, logsDays: null, auditDays: 400 }, metricsPort: null, tracing: false, logLevel: 'info',
    });
  });

  it.each(['on', 'off'])('knows a speed only when one is set (DEMO=%s)', (DEMO) => {
    expect(readEnvironment({ DEMO }).clockSpeed).toBeNull();
    expect(readEnvironment({ DEMO, CLOCK_SPEED: '2' }).clockSpeed).toBe(2);
  });

  it('reads what is set, and takes an empty variable for an unset one', () => {
    const environment = readEnvironment({
      PORT: '8080', PUBLIC_URL: 'https://crm.example.com/', CLOCK_SPEED: '86400', DEMO: 'off', SMTP_URL: '', OUTBOUND_ALLOW: '127.0.0.1:9000, [::1]:80',
      TWILIO_ACCOUNT_SID: 'AC0', TWILIO_AUTH_TOKEN: 'x', TWILIO_FROM: '+15005550006', TWILIO_API_BASE_URL: 'http://127.0.0.1:4010',
    });
    expect(environment).toMatchObject({
      port: 8080,
      publicUrl: 'https://crm.example.com',
      clockSpeed: 86_400,
      demo: false,
      smtpUrl: null,
      outboundAllow: ['127.0.0.1:9000', '[::1]:80'],
    });
    expect(environment.twilio).toEqual({ accountSid: 'AC0', authToken: 'x', from: '+15005550006', apiBaseUrl: 'http://127.0.0.1:4010' });
  });

  it.each([
    [{ PORT: 'abc' }, /PORT expected a number from 0 to 65535 \(found "abc"\)/],
    [{ PORT: '70000' }, /PORT expected at most 65535 \(found "70000"\)/],
    [{ CLOCK_SPEED: '0' }, /CLOCK_SPEED expected at least/],
    [{ DEMO: 'yes' }, /DEMO expected on or off \(found "yes"\)/],
    [{ DATABASE_URL: 'mysql://x' }, /DATABASE_URL expected an address like postgres:/],
    [{ BOOTSTRAP_API_KEY: 'short' }, /BOOTSTRAP_API_KEY expected at least 24 characters/],
    [{ OUTBOUND_ALLOW: 'localhost' }, /OUTBOUND_ALLOW expected host:port pairs/],
    [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL expected one of fatal, error/],
    [{ TWILIO_ACCOUNT_SID: 'AC0' }, /TWILIO_AUTH_TOKEN is missing, while TWILIO_ACCOUNT_SID is set/],
    [{ SMTP_URL: 'smtp://mail:25' }, /EMAIL_FROM is missing/],
  ])('refuses %j by name', (variables, message) => {
    expect(() => readEnvironment(variables)).toThrow(message);
  });

  it('lists everything at once and shows no secret', () => {
    const read = () => readEnvironment({ PORT: 'abc', BOOTSTRAP_API_KEY: 'hush', DEMO: 'maybe' });
    expect(read).toThrow(/PORT[\s\S]*BOOTSTRAP_API_KEY[\s\S]*DEMO/);
    expect(read).not.toThrow(/hush/);
  });
});
