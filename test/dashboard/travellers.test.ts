import { describe, expect, it } from 'vitest';
import { travellersOf } from '../../src/dashboard/model/travellers.ts';

const move = (from: string, outcome: string, to: string) => ({ enrollmentId: 'e', from, outcome, to });
const canvas = { drawn: new Set(['trigger:0:next', 'trigger:1:next', 'hello:next', 'vip:then']), entry: ['trigger:0:next', 'trigger:1:next'] };

describe('the dots of a frame', () => {
  it('are one for each move, in a row, on the edge that it took', () => {
    expect(travellersOf([move('hello', 'next', 'vip'), move('hello', 'next', 'vip'), move('vip', 'then', 'thanks')], canvas, 7, 0)).toEqual([
      { id: 7, edgeId: 'hello:next', contacts: 1, delayMs: 0 },
      { id: 8, edgeId: 'hello:next', contacts: 1, delayMs: 110 },
      { id: 9, edgeId: 'vip:then', contacts: 1, delayMs: 0 },
    ]);
  });

  it('come in from every trigger, for nobody says which one it was', () => {
    expect(travellersOf([move('', 'start', 'hello')], canvas, 0, 0).map(({ edgeId }) => edgeId)).toEqual(['trigger:0:next', 'trigger:1:next']);
  });

  it('are left out where no edge is drawn: a jump to a magnet, a step of another version', () => {
    expect(travellersOf([move('hello', 'magnet', 'goal'), move('old_step', 'next', 'vip')], canvas, 0, 0)).toEqual([]);
  });

  it('stand for a crowd where it is one, and nobody is lost in it', () => {
    const dots = travellersOf(Array.from({ length: 40 }, () => move('hello', 'next', 'vip')), canvas, 0, 0);
    expect(dots.map(({ contacts }) => contacts)).toEqual([1, 1, 1, 1, 36]);
  });

  it('are no more than sixty on the whole canvas', () => {
    expect(travellersOf([move('hello', 'next', 'vip'), move('vip', 'then', 'x')], canvas, 0, 59)).toHaveLength(1);
    expect(travellersOf([move('hello', 'next', 'vip')], canvas, 0, 60)).toEqual([]);
  });
});
