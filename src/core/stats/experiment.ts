import { chiSquareTest } from './chi-square.ts';
import { newcombe, wilson, type Interval } from './intervals.ts';

/** Below this the draw is hardly what was declared: something loses contacts of one variant. */
const SUSPICIOUS = 0.001;

/** What a split declares: the name that its draw is kept under, and its variants in the order of the file. */
export interface DeclaredExperiment {
  key: string;
  stepId: string;
  variants: { name: string; weight: number }[];
}

/** How many contacts saw a variant first, and how many of them reached a goal after that. */
export interface Exposure {
  experiment: string;
  variant: string;
  exposures: number;
  conversions: number;
}

export interface VariantStats {
  name: string;
  /** As declared; null for a variant that the version does not have (any more). */
  weight: number | null;
  /** Contacts whose first draw was this one; each counts once, however often it comes back. */
  exposures: number;
  /** Contacts among them who reached a goal of the workflow in a run that went through the split, after the split. Each counts once. */
  conversions: number;
  /** Conversions by exposures with Wilson's 95 % interval; null while nobody was exposed. */
  rate: ({ rate: number } & Interval) | null;
  /** How much greater the rate is than the first variant's, with Newcombe's 95 % interval; null for the first, and while either has nobody. */
  lift: ({ difference: number } & Interval) | null;
}

export interface ExperimentStats {
  /** The step's id, or its `key`. */
  experiment: string;
  /** Null when the version that was asked for has no such split. */
  stepKey: string | null;
  variants: VariantStats[];
  /** Whether the variants got as many contacts as their weights promise; null when that cannot be told. */
  sampleRatio: { pValue: number; mismatch: boolean } | null;
}

/** Every declared experiment, seen by somebody or not, then those that only exposures tell of. */
export function experimentStats(declared: DeclaredExperiment[], exposures: Exposure[]): ExperimentStats[] {
  const keys = new Set([...declared.map(({ key }) => key), ...exposures.map(({ experiment }) => experiment)]);
  return [...keys].map((key) => oneExperiment(key, declared.find((one) => one.key === key) ?? null, exposures.filter(({ experiment }) => experiment === key)));
}

function oneExperiment(key: string, declared: DeclaredExperiment | null, exposures: Exposure[]): ExperimentStats {
  const names = new Set([...(declared?.variants ?? []).map(({ name }) => name), ...exposures.map(({ variant }) => variant)]);
  const rows = [...names].map((name) => {
    const seen = exposures.find(({ variant }) => variant === name);
    return { name, weight: declared?.variants.find((one) => one.name === name)?.weight ?? null, exposures: seen?.exposures ?? 0, conversions: seen?.conversions ?? 0 };
  });
  const base = rows[0];
  const variants = rows.map((row): VariantStats => ({
    ...row,
    rate: wilson(row.conversions, row.exposures),
    lift: base === undefined || row === base ? null : newcombe(shareOf(row), shareOf(base)),
  }));
  return { experiment: key, stepKey: declared?.stepId ?? null, variants, sampleRatio: sampleRatio(rows) };
}

const shareOf = ({ conversions, exposures }: { conversions: number; exposures: number }) => ({ successes: conversions, total: exposures });

/** Only variants that can be drawn are compared: one of weight 0, or of an older version, promises nothing. */
function sampleRatio(rows: { weight: number | null; exposures: number }[]): ExperimentStats['sampleRatio'] {
  const drawn = rows.flatMap(({ weight, exposures }) => (weight !== null && weight > 0 ? [{ weight, exposures }] : []));
  const test = chiSquareTest(drawn.map(({ exposures }) => exposures), drawn.map(({ weight }) => weight));
  return test && { pValue: test.pValue, mismatch: test.pValue < SUSPICIOUS };
}
