import type { WorkflowNumbersQuery } from '../../generated/operations/graphql.ts';

export type Numbers = NonNullable<WorkflowNumbersQuery['workflow']>['stats'];
export type Experiment = Numbers['experiments'][number];
type Interval = { value: number; low: number; high: number };

/** `12.5 %`. */
export const percent = (share: number): string => `${(share * 100).toFixed(1).replace(/\.0$/, '')} %`;

/** A rate with what it may as well be: `34.5 % (31.5 % to 37.7 %)`; a dash where nobody was counted. */
export const likely = (rate: Interval | null): string => (rate ? `${percent(rate.value)} (${percent(rate.low)} to ${percent(rate.high)})` : '–');

const points = (share: number): string => `${share > 0 ? '+' : share < 0 ? '−' : ''}${Math.abs(share * 100).toFixed(1)}`;

/**
 * What an experiment says so far, in a sentence that claims no more than its interval. A variant has won over the first one when the whole of its
 * lift's interval (95 %) is on one side of nothing.
 */
export function verdictOf({ sampleRatio, variants }: Experiment): string {
  if (sampleRatio?.mismatch) return 'The variants have not got the shares of people that their weights ask for. Something divides them besides the draw: find it before you believe the rates.';
  const sure = variants.flatMap(({ name, lift }) => (lift && (lift.low > 0 || lift.high < 0) ? [{ name, lift }] : []));
  const best = sure.sort((a, b) => b.lift.value - a.lift.value)[0];
  const first = variants[0]?.name ?? '';
  if (best) return `${best.name} converts ${best.lift.low > 0 ? 'better' : 'worse'} than ${first}: by ${points(best.lift.low)} to ${points(best.lift.high)} percentage points.`;
  const open = variants.find(({ lift }) => lift)?.lift;
  return open ? `Too early to tell: the difference may be anything from ${points(open.low)} to ${points(open.high)} percentage points.` : 'Too early to tell: too few people have been here.';
}
