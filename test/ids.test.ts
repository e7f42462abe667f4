import { describe, expect, it } from 'vitest';
import { sendIdOf, uuidv7 } from '../src/ids.ts';

describe('uuidv7', () => {
  it('is a version 7 id', () => {
    expect(uuidv7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('keeps the order in which ids were made, also within a millisecond, and repeats none', () => {
    const ids = Array.from({ length: 20_000 }, () => uuidv7());
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('sendIdOf', () => {
  it('is the same for the same enrollment, step and visit, and another for any other', () => {
    const id = sendIdOf('e', 's', 1);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(sendIdOf('e', 's', 1)).toBe(id);
    expect(new Set([id, sendIdOf('e', 's', 2), sendIdOf('e', 't', 1), sendIdOf('f', 's', 1)]).size).toBe(4);
  });
});
