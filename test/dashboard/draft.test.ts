import { describe, expect, it } from 'vitest';
import { begun, edited, isChanged, lineAt, storedOf, type Draft, type Edit, type Stored } from '../../src/dashboard/model/draft.ts';

const stored = (revision: number, yaml: string, published = true): Stored => ({ revision, yaml, published });
const after = (...edits: Edit[]): Draft => edits.reduce(edited, begun(stored(3, 'name: A')));
const typed = (text: string): Edit => ({ kind: 'typed', text });
const read = (revision: number, yaml: string): Edit => ({ kind: 'read', stored: stored(revision, yaml) });

describe('a draft', () => {
  it('follows what is stored as long as nobody types', () => {
    expect(after(read(4, 'name: B'))).toEqual(begun(stored(4, 'name: B')));
  });

  it('keeps what was typed when somebody else stores another, until its writer decides', () => {
    const both = after(typed('name: Mine'), read(4, 'name: Theirs'));
    expect([both.text, both.theirs?.yaml, both.base.revision]).toEqual(['name: Mine', 'name: Theirs', 3]);
    expect(edited(both, { kind: 'taken' })).toEqual(begun(stored(4, 'name: Theirs')));
    const kept = edited(both, { kind: 'kept' });
    expect([kept.text, kept.base.revision, kept.theirs, isChanged(kept)]).toEqual(['name: Mine', 4, null, true]);
  });

  it('goes on from a new revision of the same text: a publication, a pause', () => {
    const draft = after(typed('name: Mine'), read(4, 'name: A'));
    expect([draft.text, draft.base.revision, draft.theirs]).toEqual(['name: Mine', 4, null]);
  });

  it('is stored as it was sent; what was typed since is not', () => {
    const draft = after(typed('name: Mine'), typed('name: Mine too'), { kind: 'saved', yaml: 'name: Mine', revision: 4 });
    expect([draft.base, isChanged(draft)]).toEqual([stored(4, 'name: Mine', false), true]);
  });

  it('knows its own save when it is read before its answer is there', () => {
    expect(after(typed('name: Mine'), read(4, 'name: Mine'))).toEqual(begun(stored(4, 'name: Mine')));
  });

  it('still tells of what another has stored after the save that it hears of', () => {
    const draft = after(typed('name: Mine'), read(5, 'name: Theirs'), { kind: 'saved', yaml: 'name: Mine', revision: 4 });
    expect(draft).toEqual(begun(stored(5, 'name: Theirs')));
  });

  it('takes theirs when what was typed is taken back', () => {
    expect(after(typed('name: Mine'), read(4, 'name: Theirs'), typed('name: A'))).toEqual(begun(stored(4, 'name: Theirs')));
  });

  it('passes over what was read before it was saved', () => {
    expect(after(typed('name: Mine'), { kind: 'saved', yaml: 'name: Mine', revision: 5 }, read(4, 'name: A')).text).toBe('name: Mine');
  });
});

it('a text has the line ends that an editor has', () => {
  expect(storedOf({ revision: 1, draft: null, published: { yaml: 'a\r\nb\rc\n' } }).yaml).toBe('a\nb\nc\n');
});

it('the draft is newer than what is published', () => {
  expect(storedOf({ revision: 2, draft: { yaml: 'new' }, published: { yaml: 'old' } })).toEqual(stored(2, 'new', false));
  expect(storedOf({ revision: 1, draft: null, published: { yaml: 'old' } })).toEqual(stored(1, 'old'));
});

it.each<[number, [number, number]]>([[1, [0, 3]], [2, [4, 7]], [3, [8, 8]], [9, [8, 8]]])('line %d of a text is at %j', (line, place) => expect(lineAt('one\ntwo\n', line)).toEqual(place));
