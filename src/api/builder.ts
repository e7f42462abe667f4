import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import ValidationPlugin from '@pothos/plugin-validation';
import { getNullableType, GraphQLError, isListType, type GraphQLField, type GraphQLResolveInfo } from 'graphql';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { KeyScope } from '../core/ports/records.ts';
import { getDatamodel } from '../generated/pothos-types.ts';
import type PrismaTypes from '../generated/pothos-types.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { requireScope, type Caller } from '../services/caller.ts';
import describeByName from './describe-by-name.ts';
import { goneAmong } from './gone.ts';
import { nodeId, readNodeId } from './ids.ts';
import type { Loaders } from './loaders.ts';

/** What every resolver gets: the ports, who is calling, and a Prisma client that sees the caller's location and only reads. */
export interface ApiContext {
  ctx: Context;
  who: Caller;
  db: PrismaClient;
  load: Loaders;
}

export interface SchemaShape {
  Context: ApiContext;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  AuthScopes: { scope: KeyScope };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date | number };
    Duration: { Input: number; Output: number };
    JSON: { Input: unknown; Output: unknown };
    Cursor: { Input: string; Output: string };
  };
}

/** The node that no row is. */
const NOBODY = { typename: 'Workflow', id: '00000000-0000-0000-0000-000000000000' };

function mayUse(who: Caller, scope: KeyScope): boolean {
  try {
    requireScope(who, scope);
    return true;
  } catch {
    return false;
  }
}

/** How many rows a field may give: the page that is asked for, or a guess for plain lists. A connection's own lists are its page. */
function rowsOf(args: { first?: number | null; last?: number | null }, field: GraphQLField<unknown, ApiContext>): number {
  if (field.args.some((arg) => arg.name === 'first')) return args.first ?? args.last ?? 25;
  const list = isListType(getNullableType(field.type));
  return list && field.name !== 'nodes' && field.name !== 'edges' ? 5 : 1;
}

/** The scope that a field asks for: its own, or else its root's. */
const scopeOf = ({ parentType, fieldName }: GraphQLResolveInfo): string =>
  askedScope(parentType.getFields()[fieldName]?.extensions) ?? askedScope(parentType.extensions) ?? 'that its description names';

const askedScope = (extensions: Readonly<Record<string, unknown>> | undefined): string | undefined =>
  (extensions?.['pothosOptions'] as { authScopes?: { scope?: string } } | undefined)?.authScopes?.scope;

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const pageSize = z.int('expected a whole number').min(1, 'a page has at least 1 entry').max(100, 'a page has at most 100 entries: ask for fewer and follow pageInfo.endCursor');

/** Every type of the schema hangs on it. Roots deny whoever lacks their scope; everything else is reached through a root. */
export const builder = new SchemaBuilder<SchemaShape>({
  plugins: [ErrorsPlugin, ScopeAuthPlugin, RelayPlugin, PrismaPlugin, ComplexityPlugin, ValidationPlugin, describeByName],
  defaultFieldNullability: false,
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: (api) => ({ scope: (scope) => mayUse(api.who, scope) }),
    unauthorizedError: (_parent, api, info) =>
      new GraphQLError(
        `This API key may not use ${info.parentType.name}.${info.fieldName}: its scopes are [${api.who.scopes.join(', ')}]. Use a key with the scope ${scopeOf(info)}.`,
        { extensions: { code: 'FORBIDDEN' } },
      ),
  },
  errors: {
    directResult: true,
    defaultUnionOptions: { name: ({ fieldName }) => `${upperFirst(fieldName)}Result` },
  },
  relay: {
    clientMutationId: 'omit',
    encodeGlobalID: nodeId,
    // An id that was cut or made up names nothing: it must not fail the fields beside it, and PostgreSQL refuses to look for a uuid that is none.
    decodeGlobalID: (id) => readNodeId(id) ?? NOBODY,
    idFieldOptions: { description: 'Its opaque id: `node` finds it again.' },
    nodeTypeOptions: { description: 'Whatever has an id of its own.' },
    nodeQueryOptions: {
      description: 'Anything by its node id; null when there is nothing in this location, or a contact was deleted.',
      args: { id: { description: 'The `id` of any node.' } },
      resolve: async (_root, { id }, { db }, _info, find) => ((await goneAmong(db, [id]))(id) ? null : find(id)),
    },
    nodesQueryOptions: {
      description: 'The same for up to 100 ids, in their order.',
      args: { ids: { description: 'Ids of any nodes, mixed as you like.', validate: z.array(z.unknown()).max(100, 'at most 100 ids at once') } },
      resolve: async (_root, { ids }, { db }, _info, find) => {
        const [gone, nodes] = await Promise.all([goneAmong(db, ids), find(ids)]);
        return nodes.map((node, index) => (gone(ids[index]!) ? null : node));
      },
    },
    cursorType: 'String',
    nodesOnConnection: { description: 'The entries alone.' },
    firstArgOptions: { description: 'Entries of the page, counted from its start: 1 to 100, 25 unless said.', validate: pageSize },
    afterArgOptions: { description: 'Go on behind this entry: the `endCursor` of the page before.' },
    beforeArgOptions: { description: 'Go back from this entry: the `startCursor` of the page behind.' },
    lastArgOptions: { description: 'Entries of the page, counted from its end: 1 to 100.', validate: pageSize },
    mutationInputArgOptions: { description: 'All that it takes.' },
    pageInfoTypeOptions: { description: 'Where a page begins and ends, and whether there is more.' },
    hasNextPageFieldOptions: { description: 'Is there anything behind this page? Told when paging with `first`.' },
    hasPreviousPageFieldOptions: { description: 'Is there anything before this page? Told when paging with `last`.' },
    startCursorFieldOptions: { description: 'The cursor of the first entry; null on an empty page.' },
    endCursorFieldOptions: { description: 'The cursor of the last entry; null on an empty page.' },
    edgesFieldOptions: { description: 'The entries, each with its cursor.' },
    pageInfoFieldOptions: { description: 'Where this page begins and ends.' },
    cursorFieldOptions: { description: 'Its place in the list.' },
    nodeFieldOptions: { description: 'The entry.' },
  },
  prisma: {
    client: (api) => api.db,
    dmmf: getDatamodel(),
    defaultConnectionSize: 25,
    maxConnectionSize: 100,
    onUnusedQuery: 'error',
  },
  // How much is too much is said in `request-limits.ts`, which refuses a document before any of it runs.
  complexity: { fieldComplexity: (args, _api, field) => ({ field: 1, multiplier: rowsOf(args, field) }) },
  validation: {
    validationError: (failure) =>
      new GraphQLError(
        failure.issues.map((issue) => `${(issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.')}: ${issue.message}`).join('; '),
        { extensions: { code: 'INVALID_INPUT' } },
      ),
  },
});

builder.queryType({ description: 'Reading. Needs a key with the scope `read`, unless a field says otherwise.', authScopes: { scope: 'read' } });
builder.mutationType({
  description: 'Changing. Needs a key with the scope `write`, unless a field says otherwise. Expected failures are members of the result union.',
  authScopes: { scope: 'write' },
});
builder.subscriptionType({ description: 'Watching, over graphql-transport-ws or Server-Sent Events on the same path. Needs the scope `read`.', authScopes: { scope: 'read' } });
