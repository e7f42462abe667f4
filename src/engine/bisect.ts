import { messageOf } from '../errors.ts';

/**
 * Does the error lie in what was written? SQLSTATE classes 22 (data), 23 (integrity) and 54 (limits) do; a broken connection or a
 * full disk does not, and must fail nobody. https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
function isDataError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^(22|23|54)...$/.test(code);
}

/**
 * Does `work` with all items; when the data of one makes it fail, with each half, down to the culprit, which alone goes to
 * `blame`. Gives the answers in the order of the items. Throws errors that no item is to blame for.
 */
export async function bisect<Item, Answer>(items: Item[], work: (items: Item[]) => Promise<Answer>, blame: (item: Item, reason: string) => Promise<void>): Promise<Answer[]> {
  try {
    return [await work(items)];
  } catch (error) {
    if (!isDataError(error)) throw error;
    const [culprit] = items;
    if (items.length === 1 && culprit !== undefined) {
      await blame(culprit, messageOf(error));
      return [];
    }
    const middle = Math.ceil(items.length / 2);
    return [...(await bisect(items.slice(0, middle), work, blame)), ...(await bisect(items.slice(middle), work, blame))];
  }
}
