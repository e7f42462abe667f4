import { printValue } from '../print.ts';
import { defineFilter, type FilterDefinition } from './define-filter.ts';

/** Half a surrogate pair, which no encoding of a URL can hold. */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

export const encodingFilters: FilterDefinition[] = [
  defineFilter({
    name: 'json',
    summary: 'The value as JSON; a missing one is null.',
    example: '{"tags": {{ contact.tags | json }}}',
    takesMissing: true,
    apply: (value) => JSON.stringify(value ?? null),
  }),
  defineFilter({
    name: 'url_encode',
    summary: 'Text made safe for one part of a URL.',
    example: 'https://example.com/?e={{ contact.email | url_encode }}',
    apply: (value) => encodeURIComponent(printValue(value).replace(LONE_SURROGATE, '\uFFFD')),
  }),
];
