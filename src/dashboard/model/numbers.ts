import type { WorkflowNumbersQuery } from '../../generated/operations/graphql.ts';

export type Numbers = NonNullable<WorkflowNumbersQuery['workflow']>['stats'];
export type Experiment = Numbers['experiments'][number];
type Interval = { value: number; low: number; high: number };

/** `12.5 %`; with another digit where one would say nothing or everything. */
export const percent = (share: number): string => `${(share * 100).toFixed((share > 0 && share < 0.01) || (share > 0.99 && share < 1) ? 2 : 1).replace(/\.0$/, '')} %`;

/** A rate with what it may as well be: `34.5 % (31.5 % to 37.7 %)`; a dash where nobody was counted. */
export const likely = (rate: Interval | null): string => (rate ? `${percent(rate.value)} (${percent(rate.low)} to ${percent(rate.high)})` : '–');

const points = (share: number): string => (Math.abs(share) * 100).toFixed(Math.abs(share) < 0.001 ? 2 : 1);

const UNEVEN =
  'The variants have not got the shares of people that their weights ask for. Were the weights changed since people came? ' +
  'If not, something divides them besides the draw: find it before you believe the rates.';

/**
 * What an experiment says so far, a sentence for each variant beside the first one, that claims no more than its interval (95 %): a difference is sure
 * when the whole of it is on one side of nothing.
 */
export function verdictOf({ sampleRatio, variants }: Experiment): string {
  if (sampleRatio?.mismatch) return UNEVEN;
  const first = variants[0]?.name ?? '';
  return variants.flatMap(({ name, lift }) => (lift ? [comparison(name, first, lift)] : [])).join(' ') || 'Nothing to compare yet.';
}

function comparison(name: string, first: string, { low, high }: { low: number; high: number }): string {
  if (low > 0) return `${name} converts better than ${first}: by ${points(low)} to ${points(high)} percentage points.`;
  if (high < 0) return `${name} converts worse than ${first}: by ${points(high)} to ${points(low)} percentage points.`;
  return `Between ${first} and ${name} there is no sure difference: ${name} may be up to ${points(low)} percentage points worse, or up to ${points(high)} better.`;
}
