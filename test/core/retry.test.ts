import { describe, expect, test } from 'vitest';
import { createRateBucket } from '../../src/core/rate-bucket.ts';
import { decideRetry, parseRetryAfter, planAttempt, retryDelay } from '../../src/core/retry.ts';
import { trackLinks } from '../../src/core/tracking-links.ts';

const now = Date.parse('Sun, 06 Nov 1994 08:49:30 GMT');
test.each([
  ['7', 7_000], ['Sun, 06 Nov 1994 08:49:37 GMT', 7_000], ['Sun, 06 Nov 1994 08:00:00 GMT', 0], ['1000000000', 3_600_000], ['Sun, 06 Nov 2094 08:00:00 GMT', 3_600_000],
  ['-5', undefined], ['soon', undefined], ['', undefined], [undefined, undefined],
])('Retry-After %s', (text, expected) => expect(parseRetryAfter(text, now)).toBe(expected));

const state = { id: 'a', attempt: 1, maxAttempts: 3, backoffMs: 1_000, unknowns: 0 };
const email = { lookUp: false, resends: 1, spent: 'unknown' as const };
const voice = { lookUp: true, resends: 0, spent: 'unknown' as const };
const trouble = { retryable: true, unknown: false, throttled: false };

describe('decisions', () => {
  test.each([
    ['a passing refusal', state, email, trouble, { kind: 'again', countsAsAttempt: true, unknown: false }],
    ['429', { ...state, attempt: 3 }, email, { ...trouble, throttled: true, retryAfterMs: 7_000 }, { kind: 'again', countsAsAttempt: false }],
    ['a lasting refusal', state, email, { ...trouble, retryable: false }, { kind: 'end', status: 'failed' }],
    ['the last attempt', { ...state, attempt: 3 }, email, trouble, { kind: 'end', status: 'failed' }],
    ['the last attempt after silence', { ...state, attempt: 3, unknowns: 1 }, email, trouble, { kind: 'end', status: 'unknown' }],
    ['silence', state, email, { ...trouble, unknown: true }, { kind: 'again', unknown: true }],
    ['silence twice', { ...state, attempt: 2, unknowns: 1 }, email, { ...trouble, unknown: true }, { kind: 'end', status: 'unknown' }],
    ['silence on the last call', { ...state, attempt: 3 }, voice, { ...trouble, unknown: true }, { kind: 'again', unknown: true }],
  ])('%s', (_name, at, recovery, happened, expected) => expect(decideRetry(at, recovery, happened)).toMatchObject(expected));

  test('what an attempt may do', () => {
    expect(planAttempt({ ...state, unknowns: 1 }, voice)).toEqual({ lookUp: true, send: false });
    expect(planAttempt({ ...state, unknowns: 1 }, email)).toEqual({ lookUp: false, send: true });
    expect(planAttempt({ ...state, attempt: 4, unknowns: 1 }, email)).toEqual({ lookUp: false, send: false });
  });

  test('delays keep their bounds', () => {
    for (let attempt = 1; attempt < 40; attempt += 1) {
      expect(retryDelay({ ...state, attempt }, false)).toBeLessThanOrEqual(3_600_000);
      expect(retryDelay({ ...state, attempt }, false, 7_000)).toBeGreaterThanOrEqual(7_000);
      expect(retryDelay({ ...state, attempt }, true)).toBeGreaterThanOrEqual(1_000);
    }
  });
});

test('a bucket lets a burst through, then spaces calls, then sends askers away spread out', () => {
  const bucket = createRateBucket(10, 2);
  expect([0, 0, 0, 0, 0].map((at) => bucket.take(at, 150))).toEqual([
    { kind: 'wait', ms: 0 }, { kind: 'wait', ms: 0 }, { kind: 'wait', ms: 100 }, { kind: 'later', ms: 300 }, { kind: 'later', ms: 400 },
  ]);
});

describe('tracking links', () => {
  const track = (html: string): string => trackLinks(html, { open: () => 'https://m/o', click: (url) => `https://m/c?${url}` });
  test.each([
    ['<a href="https://x/?a=1&amp;b=2">x</a>', 'https://m/c?https://x/?a=1&#38;b=2'],
    ["<A class='b' HREF='http://x'>x</A>", '"https://m/c?http://x"'],
    ['<a href=https://x>x</a>', '"https://m/c?https://x"'],
    ['<a href="https://x/&#x41;&#66;">x</a>', 'https://m/c?https://x/AB'],
  ])('%s is rewritten', (html, expected) => expect(track(html)).toContain(expected));
  test.each([
    '<a href="mailto:a@x">x</a>',
    '<a href="#top">x</a>',
    '<a href="https://x" data-no-track>x</a>',
    '<!--[if mso]><a href="https://x">x</a><![endif]-->',
    '<style>a{}</style>',
    '<abbr href="https://x">',
  ])('%s stays', (html) => expect(track(html)).toContain(html));
  test('the pixel stands before the end of the body', () => expect(track('<body>x</BODY>')).toMatch(/^<body>x<img src="https:\/\/m\/o"[^>]*><\/BODY>$/));
});
