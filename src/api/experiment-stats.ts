import type { ExperimentStats as Experiment, VariantStats as Variant } from '../core/stats/experiment.ts';
import { builder } from './builder.ts';
import { Rate } from './rate.ts';

const Lift = builder.objectRef<NonNullable<Variant['lift']>>('Lift').implement({
  description:
    "How much greater a variant's rate is than the first variant's, with the 95 % interval of Newcombe's hybrid score method. They differ when the interval does not hold 0.",
  fields: (t) => ({
    value: t.exposeFloat('difference', { description: 'From -1 to 1.' }),
    low: t.exposeFloat('low', { description: 'Where the interval begins.' }),
    high: t.exposeFloat('high', { description: 'Where the interval ends.' }),
  }),
});

const VariantStats = builder.objectRef<Variant>('VariantStats').implement({
  description: 'One variant of an experiment.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As the definition names it.' }),
    weight: t.exposeInt('weight', { nullable: true, description: 'As declared, relative to the others; null for a variant that the version does not have (any more).' }),
    exposures: t.exposeInt('exposures', { description: 'Contacts whose first draw was this one; each counts once, however often it comes back.' }),
    conversions: t.exposeInt('conversions', {
      description: 'Contacts among them who reached a goal of the workflow in a run that went through the split, after the split. Each counts once.',
    }),
    rate: t.expose('rate', { type: Rate, nullable: true, description: 'Conversions by exposures; null while nobody was exposed.' }),
    lift: t.expose('lift', { type: Lift, nullable: true, description: 'Null for the first variant, and while either has nobody.' }),
  }),
});

const SampleRatio = builder.objectRef<NonNullable<Experiment['sampleRatio']>>('SampleRatio').implement({
  description: 'Whether the variants got as many contacts as their weights promise, by a chi-square test.',
  fields: (t) => ({
    pValue: t.exposeFloat('pValue', { description: 'The chance of counts at least as uneven when the draw is fair.' }),
    mismatch: t.exposeBoolean('mismatch', { description: 'True below 0.001: something loses contacts of one variant, so do not trust the rates.' }),
  }),
});

export const ExperimentStats = builder.objectRef<Experiment>('ExperimentStats').implement({
  description:
    'One A/B split, variant by variant. A contact counts where it was first exposed, when that lies within the window; it has converted when it reached a goal afterwards, at whatever time.',
  fields: (t) => ({
    key: t.exposeString('experiment', { description: "The step's id, or its `key`." }),
    stepKey: t.exposeString('stepKey', { nullable: true, description: 'The split; null when the version that was asked for has none of this key.' }),
    variants: t.expose('variants', { type: [VariantStats], description: 'In the order of the file; the first is what the others are compared with.' }),
    sampleRatio: t.expose('sampleRatio', { type: SampleRatio, nullable: true, description: 'Null when that cannot be told: nobody exposed, or weights unknown.' }),
  }),
});
