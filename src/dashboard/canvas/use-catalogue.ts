import { useMemo } from 'react';
import { StepCatalogueDocument } from '../../generated/operations/graphql.ts';
import { useAnswer } from '../link/use-answer.ts';
import { catalogueOf, type Catalogue } from '../model/catalogue.ts';

const NONE: Catalogue = new Map();

/** What the kinds of steps and triggers look like; empty until the API has said it. */
export function useCatalogue(): Catalogue {
  const { data } = useAnswer(StepCatalogueDocument, {});
  return useMemo(() => (data ? catalogueOf(data) : NONE), [data]);
}
