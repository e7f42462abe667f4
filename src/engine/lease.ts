/** A provider answers or is given up within this. */
const PROVIDER_TIMEOUT_MS = 15_000;

/** How long (machine ms) a claimed send belongs to its worker: so long, and a second or two more, it stands still when that worker dies. */
export const LEASE_MS = PROVIDER_TIMEOUT_MS + 5_000;

/** A call must begin early enough to end, with a little to spare for writing its result, within the lease. */
const LATEST_START_MS = LEASE_MS - PROVIDER_TIMEOUT_MS - 2_000;

/** Whether a send that was claimed after `since` (by `performance.now()`) may still be begun: a process that slept does not send late. */
export const inTime = (since: number): boolean => performance.now() - since < LATEST_START_MS;
