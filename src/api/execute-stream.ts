import { createSourceEventStream, execute, type DocumentNode, type ExecutionArgs, type ExecutionResult, type FieldNode, type GraphQLError, Kind, visit } from 'graphql';
import { isShared } from '../live/shared.ts';
import type { ApiContext } from './builder.ts';
import { refusalsOf } from './request-limits.ts';

export type Mask = (error: unknown) => GraphQLError;

/** One result with its JSON, made once. Yoga calls `stringify` by itself. */
export interface Told extends ExecutionResult {
  stringify(): string;
}

/** The results of one event of a source, or of a batch of events. Subscribers who asked the same with the same scope get the same object. */
export type ToldBatch = readonly Told[];

/**
 * Subscribes, and executes each event once for all who sent the same document and variables and may see the same. Errors are masked; a source
 * that fails tells so in a last result. Gives a result instead when the subscription is refused.
 */
export async function executeStream(args: ExecutionArgs, mask: Mask): Promise<AsyncIterableIterator<ToldBatch> | ExecutionResult> {
  const refused = refusalsOf(args);
  if (refused.length > 0) return { errors: refused };
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return { ...source, ...(source.errors && { errors: source.errors.map(mask) }) };
  const run = isShared(source) ? sharedBy(keyOf(args), args, mask) : (value: unknown) => executeAll(args, mask, value);
  return batches(source[Symbol.asyncIterator](), run, mask);
}

/** By event or batch, then by what was asked. */
const made = new WeakMap<object, Map<string, Promise<ToldBatch>>>();

const sharedBy = (key: string, args: ExecutionArgs, mask: Mask) => (value: unknown): Promise<ToldBatch> => {
  const known = made.get(value as object) ?? new Map<string, Promise<ToldBatch>>();
  made.set(value as object, known);
  const found = known.get(key) ?? executeAll(args, mask, value);
  known.set(key, found);
  return found;
};

/**
 * What two subscribers must have in common to get the same bytes of the same event. The arguments of the subscription itself chose the events: who came back
 * `after` a cursor shares with those who were always there.
 */
function keyOf({ document, operationName, variableValues, contextValue }: ExecutionArgs): string {
  const { locationId, scopes } = (contextValue as ApiContext).who;
  const asked = [...variablesOf(document)].map((name) => [name, variableValues?.[name]]);
  return JSON.stringify([locationId, [...scopes].sort(), operationName ?? '', asked, document.loc?.source.body ?? document]);
}

const variables = new WeakMap<DocumentNode, Set<string>>();

/** The variables of a document that are used elsewhere than in the arguments of a subscription. */
function variablesOf(document: DocumentNode): Set<string> {
  const known = variables.get(document);
  if (known) return known;
  const names = new Set<string>();
  const roots = new Set(document.definitions.flatMap((each) => (each.kind === Kind.OPERATION_DEFINITION ? each.selectionSet.selections : [])));
  visit(document, {
    VariableDefinition: () => false,
    Argument: (_node, _key, _parent, _path, ancestors) => (roots.has(ancestors.at(-1) as FieldNode) && (ancestors.at(-1) as FieldNode).kind === Kind.FIELD ? false : undefined),
    Variable: ({ name }) => void names.add(name.value),
  });
  variables.set(document, names);
  return names;
}

async function executeAll(args: ExecutionArgs, mask: Mask, value: unknown): Promise<ToldBatch> {
  const events: readonly unknown[] = Array.isArray(value) ? value : [value];
  return Promise.all(events.map(async (event) => told(await execute({ ...args, rootValue: event }), mask)));
}

function told({ data, errors }: ExecutionResult, mask: Mask): Told {
  const result: ExecutionResult = { ...(data !== undefined && { data }), ...(errors && { errors: errors.map(mask) }) };
  let text: string | null = null;
  return Object.defineProperty(result, 'stringify', { enumerable: false, value: () => (text ??= JSON.stringify(result)) }) as Told;
}

/** The source's values as results, one by one. `return` reaches the source at once. */
function batches(source: AsyncIterator<unknown>, run: (value: unknown) => Promise<ToldBatch>, mask: Mask): AsyncIterableIterator<ToldBatch> {
  let over = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (over) return { done: true, value: undefined };
      try {
        const next = await source.next();
        return next.done ? { done: true, value: undefined } : { done: false, value: await run(next.value) };
      } catch (error) {
        over = true;
        await source.return?.();
        return { done: false, value: [told({ errors: [mask(error)] }, mask)] };
      }
    },
    async return() {
      over = true;
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
}
