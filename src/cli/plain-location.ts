import type { Location } from '../core/state.ts';

/** Where files are played without a server: UTC, always open. */
export const plainLocation: Location = { id: 'local', name: 'Local', timezone: 'UTC', calendar: {}, defaults: {} };
