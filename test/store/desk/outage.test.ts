import { describe, expect, it } from 'vitest';
import { MillraceError, NotFoundError } from '../../../src/errors.ts';
import { createDesk } from '../../../src/store/desk/desk.ts';
import { namedOutage } from '../../../src/store/desk/outage.ts';
import { createPrisma } from '../../../src/store/desk/prisma.ts';
import { createPool } from '../../../src/store/pool.ts';

describe('an outage of PostgreSQL', () => {
  it.each([
    [{ code: 'ECONNREFUSED' }],
    [{ code: '57P01' }],
    [{ code: '08006' }],
    [{ code: 'P1001' }],
    [{ code: '53100' }],
    [new Error('Connection terminated unexpectedly')],
    [new Error('Query read timeout')],
    [Object.assign(new Error('Invalid invocation\nDatabase error. Code: `57P01`. Message: `terminating connection due to administrator command`'), { code: 'P2010' })],
    [new Error('outer', { cause: { code: 'ECONNRESET' } })],
    [Object.assign(new Error(''), { errors: [{ code: 'ECONNREFUSED' }] })],
  ])('is named: %j', (error) => {
    expect(namedOutage(error)).toMatchObject({ code: 'UNAVAILABLE' });
  });

  it.each([[new NotFoundError('contact', 'x')], [{ code: '23505' }], [new TypeError('a bug')], [null], ['text'], [new MillraceError('FORBIDDEN', 'no')]])('is not %j', (error) => {
    expect(namedOutage(error)).toBe(error);
  });

  it('is what every call of the desk throws', async () => {
    const pool = createPool({ url: 'postgres://nobody@127.0.0.1:1/none', role: null, max: 1, name: 'test', onError: () => undefined });
    const desk = createDesk(pool, createPrisma(pool));
    const tenant = desk('00000000-0000-4000-8000-000000000000');
    const ends = await Promise.allSettled([tenant.findContact('00000000-0000-4000-8000-000000000000'), tenant.journeyNow(), desk.findKey('00')]);
    expect(ends.map((end) => (end.status === 'rejected' ? end.reason.code : 'answered'))).toEqual(['UNAVAILABLE', 'UNAVAILABLE', 'UNAVAILABLE']);
    await pool.end();
  });
});
