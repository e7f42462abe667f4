import { GraphQLError } from 'graphql';
import { durationMs, formatDuration } from '../core/time/duration.ts';
import { messageOf } from '../errors.ts';
import { builder } from './builder.ts';

/** An input that a scalar cannot read. */
const refuse = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'INVALID_INPUT' } });

builder.scalarType('DateTime', {
  description: 'A moment in ISO 8601, always in UTC: `2026-11-22T09:30:00.000Z`. Inputs may carry any offset.',
  serialize: (value) => new Date(value).toISOString(),
  parseValue: (value) => {
    const at = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:?\d{2})$/.test(value) ? new Date(value) : null;
    if (at === null || Number.isNaN(at.getTime())) throw refuse(`"${String(value)}" is no moment; expected ISO 8601 with an offset, e.g. 2026-11-22T09:30:00Z.`);
    return at;
  },
});

builder.scalarType('Duration', {
  description: 'A length of time as definitions write it: `1d`, `2h 30m`, `90s`.',
  serialize: (value) => formatDuration(value),
  parseValue: (value) => {
    if (typeof value !== 'string' && value !== 0) throw refuse(`${JSON.stringify(value)} is no duration; expected text like 1d or 2h 30m.`);
    try {
      return durationMs(value);
    } catch (error) {
      throw refuse(messageOf(error));
    }
  },
});

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
});

builder.scalarType('Cursor', {
  description: 'A place in a stream. Opaque: hand back what an event gave you.',
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value !== 'string' || value.length === 0 || value.length > 200) throw refuse('A cursor is the text that an earlier event carried; hand it back unchanged.');
    return value;
  },
});
