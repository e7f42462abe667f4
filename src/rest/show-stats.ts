import type { StepTime, WorkflowStats } from '../core/ports/records.ts';
import type { ExperimentStats } from '../core/stats/experiment.ts';

type Shown = Record<string, unknown>;

/** A workflow in numbers, as REST shows it. */
export function showStats(stats: WorkflowStats, times: StepTime[], experiments: ExperimentStats[]): Shown {
  const { enrolled, active, completed, exited, failed, edges } = stats;
  const timeOf = new Map(times.map(({ stepKey, visits, medianMs, p90Ms }) => [stepKey, { visits, median_ms: medianMs, p90_ms: p90Ms }]));
  return {
    enrolled, active, completed, exited, failed,
    nodes: stats.nodes.map(({ stepKey, ...counts }) => ({ step_id: stepKey, ...counts })),
    edges,
    funnel: stats.funnel.map(({ stepKey, droppedOff, dropOffRate, ...counts }) => ({
      step_id: stepKey, ...counts, dropped_off: droppedOff, drop_off_rate: dropOffRate, time_in_step: timeOf.get(stepKey) ?? null,
    })),
    goals: stats.goals.map(({ stepKey, reached, rate }) => ({ step_id: stepKey, reached, rate: rate && { value: rate.rate, low: rate.low, high: rate.high } })),
    experiments: experiments.map(showExperiment),
    as_of: new Date(stats.asOf).toISOString(),
  };
}

const showExperiment = ({ experiment, stepKey, variants, sampleRatio }: ExperimentStats): Shown => ({
  key: experiment,
  step_id: stepKey,
  variants: variants.map(({ rate, lift, ...variant }) => ({
    ...variant,
    rate: rate && { value: rate.rate, low: rate.low, high: rate.high },
    lift: lift && { value: lift.difference, low: lift.low, high: lift.high },
  })),
  sample_ratio: sampleRatio && { p_value: sampleRatio.pValue, mismatch: sampleRatio.mismatch },
});
