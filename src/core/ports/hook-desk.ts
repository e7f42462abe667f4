import type { AuditLine } from './audit-line.ts';

/** What makes a workflow's own address. */
export interface HookRecord {
  generation: number;
  /** The signing secret as a vault sealed it. */
  cipher: Uint8Array | null;
}

export interface HookDesk {
  /** By workflow; one that was never asked for its address has generation 1 and no secret. */
  readHooks(workflowIds: string[]): Promise<Map<string, HookRecord>>;
  /** A new generation, or a new secret (null takes it away). */
  writeHook(workflowId: string, change: { rotate: true } | { cipher: Uint8Array | null }, audit: AuditLine): Promise<HookRecord>;
}
