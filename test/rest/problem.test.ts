import { describe, expect, it } from 'vitest';
import { MillraceError } from '../../src/errors.ts';
import { negotiate } from '../../src/rest/negotiate.ts';
import { problemOf, problemResponse } from '../../src/rest/problem.ts';
import { expectedRevisions, isKnown } from '../../src/rest/revision-tag.ts';
import { createRouter } from '../../src/rest/router.ts';

const heard: unknown[] = [];
const report = (error: unknown, errorId: string) => void heard.push([error, errorId]);

describe('a problem document', () => {
  it('masks what nobody foresaw, and the log hears of it under the same id', () => {
    const error = new Error('password=hunter2');
    const { status, body } = problemOf(error, report);
    expect([status, body.code]).toEqual([500, 'INTERNAL']);
    expect(JSON.stringify(body)).not.toContain('hunter2');
    expect(heard).toEqual([[error, body.error_id]]);
  });

  it.each([
    ['UNAVAILABLE', 503, { 'retry-after': '1' }],
    ['UNAUTHENTICATED', 401, { 'www-authenticate': 'Bearer realm="millrace"' }],
    ['PROVIDER_FAILED', 502, {}],
    ['VERSION_CONFLICT', 409, {}],
  ] as const)('of %s is %i', (code, status, headers) => {
    expect(problemOf(new MillraceError(code, 'x'), report)).toMatchObject({ status, headers });
  });

  it('of a lost race is a failed precondition when there was one', () => {
    expect(problemOf(new MillraceError('VERSION_CONFLICT', 'x'), report, { conditional: true }).status).toBe(412);
  });

  it('about a document has an entry even when the error names no place', () => {
    expect(problemOf(new MillraceError('INVALID_INPUT', 'x'), report).body.errors).toEqual([
      { pointer: '', path: '', detail: 'x', line: null, column: null, rule: null, hint: null },
    ]);
  });

  it('keeps its status though the thing that it is about has one too', () => {
    expect(problemOf(new MillraceError('WORKFLOW_NOT_ACTIVE', 'x', { detail: { status: 'draft' } }), report).body).toMatchObject({
      status: 409,
      code: 'WORKFLOW_NOT_ACTIVE',
      detail: 'x',
    });
  });

  it('is never cached', async () => {
    const response = problemResponse(problemOf(new MillraceError('RATE_LIMITED', 'x', { detail: { retryAfterSeconds: 1.2 } }), report));
    expect([response.status, response.headers.get('retry-after'), response.headers.get('cache-control')]).toEqual([429, '2', 'no-store']);
  });
});

describe('Accept', () => {
  const offered = ['application/json', 'text/event-stream'];
  it.each([
    [null, 'application/json'],
    ['*/*', 'application/json'],
    ['text/event-stream', 'text/event-stream'],
    ['text/html, */*;q=0.1', 'application/json'],
    ['application/json;q=0.2, text/*', 'text/event-stream'],
  ])('%s gets %s', (accept, type) => {
    expect(negotiate(accept, offered)).toBe(type);
  });

  it.each(['image/png', 'application/json;q=0', 'text/*;q=x'])('%s gets nothing', (accept) => {
    expect(() => negotiate(accept, offered)).toThrow('none of them');
  });
});

describe('entity tags', () => {
  it('compare weakly for a cached copy', () => {
    expect([isKnown('W/"r7", "r9"', '"r7"'), isKnown('*', '"r7"'), isKnown('"r8"', '"r7"'), isKnown(null, '"r7"')]).toEqual([true, true, false, false]);
  });

  it('name a revision for a change', () => {
    expect([null, '*', '"r7"', '"r7", "r8"', 'W/"r7", "r8"'].map(expectedRevisions)).toEqual([null, 'any', [7], [7, 8], [8]]);
    for (const other of ['W/"r7"', 'r7', '""', '"x"']) expect(() => expectedRevisions(other)).toThrow('no revision');
  });
});

describe('the router', () => {
  const find = createRouter([{ method: 'GET', path: '/a/{id}' }, { method: 'POST', path: '/a/b' }]);

  it('prefers a literal part, answers HEAD as GET, and says which methods there are', () => {
    expect(find('POST', '/a/b')).toMatchObject({ kind: 'found', row: { path: '/a/b' } });
    expect(find('HEAD', '/a/x%20y')).toMatchObject({ kind: 'found', params: { id: 'x y' } });
    expect(find('GET', '/a/%zz')).toMatchObject({ params: { id: '%zz' } });
    expect(find('DELETE', '/a/b')).toEqual({ kind: 'method', allow: ['POST', 'GET', 'HEAD', 'OPTIONS'] });
    expect([find('GET', '/a/'), find('GET', '/a'), find('GET', '/a/b/c')]).toEqual([{ kind: 'missing' }, { kind: 'missing' }, { kind: 'missing' }]);
  });
});
