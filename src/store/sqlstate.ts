/** What the server says of a statement that failed: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

/** Conflicts that PostgreSQL settles by failing one side, which may simply try again: a deadlock (40P01) and a serialization failure (40001). */
export const isConflict = (error: unknown): boolean => ['40P01', '40001'].includes(codeOf(error));

/** The statement took longer than it may. */
export const isCancelled = (error: unknown): boolean => codeOf(error) === '57014';

/** A unique index refused the row. */
export const isTaken = (error: unknown): boolean => codeOf(error) === '23505';
