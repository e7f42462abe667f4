import type { Data } from '../state.ts';

/** One line of `audit_log`, written in the transaction of the change that it tells of. */
export interface AuditLine {
  actor: string;
  action: string;
  subject: string;
  detail: Data;
}
