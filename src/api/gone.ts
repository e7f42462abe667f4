import type { PrismaClient } from '../generated/prisma/client.ts';

interface NodeKey {
  typename: string;
  id: string;
}

/** Which of these nodes are deleted contacts: their rows stay for history alone, so nobody finds them by id. One statement, and none where no contact is named. */
export async function goneAmong(db: PrismaClient, keys: NodeKey[]): Promise<(key: NodeKey) => boolean> {
  const ids = keys.flatMap(({ typename, id }) => (typename === 'Contact' ? [id] : []));
  const rows = ids.length === 0 ? [] : await db.contact.findMany({ where: { id: { in: ids }, deletedAt: { not: null } }, select: { id: true } });
  const gone = new Set(rows.map(({ id }) => id));
  return ({ typename, id }) => typename === 'Contact' && gone.has(id.toLowerCase());
}
