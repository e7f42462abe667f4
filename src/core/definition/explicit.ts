import type { Data } from '../state.ts';
import type { Definition } from './definition.ts';
import { graphOf } from './graph.ts';

/** The source with every inferred `next` written out, so that nothing is left to the order of the list. */
export function explicitSource(definition: Definition): Data {
  const graph = graphOf(definition.steps);
  const written = definition.source['steps'] as Data[];
  const steps = definition.steps.map(({ id }, index) => {
    const inferred = graph.edges.get(id)!.find((edge) => edge.inferred !== null && edge.possible);
    return inferred ? { ...written[index], next: inferred.name } : written[index];
  });
  return { ...definition.source, steps };
}
