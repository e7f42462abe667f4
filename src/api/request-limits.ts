import { createComplexityRule } from '@pothos/plugin-complexity';
import {
  getNamedType, getOperationAST, getVariableValues, GraphQLError, GraphQLInt, GraphQLString, validate, valueFromAST, type ASTNode, type ASTVisitor, type ExecutionArgs, type ValidationContext,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isUuid } from '../ids.ts';

const LIMITS = { depth: 15, breadth: 400, complexity: 20_000 };

const refusal = (message: string, node?: ASTNode): GraphQLError => new GraphQLError(message, { ...(node && { nodes: node }), extensions: { code: 'INVALID_INPUT' } });

/**
 * Why a request is refused before anything of it runs: it is too large, asks for a page over 100, or pages from a cursor that no list gave out. Empty for most; also for one
 * whose operation or variables cannot be made out, as whoever executes it says so itself.
 */
export function refusalsOf({ schema, document, operationName, variableValues, contextValue }: ExecutionArgs): readonly GraphQLError[] {
  const operation = getOperationAST(document, operationName);
  if (!operation) return [];
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {});
  if (!coerced) return [];
  const size = createComplexityRule({
    context: contextValue as object, variableValues: variableValues ?? {}, ...(operationName && { operationName }),
    validate: (found, report) => {
      const exceeded = (['depth', 'breadth', 'complexity'] as const).find((name) => found[name] > LIMITS[name]);
      if (exceeded) report(
        refusal(`This document is too large: its ${exceeded} is ${found[exceeded]}, at most ${LIMITS[exceeded]} is served. Ask for fewer fields or smaller pages.`),
      );
    },
  });
  try {
    return validate(schema, document, [size, pagesOf(coerced)], { maxErrors: 5 });
  } catch (error) {
    // Weighing a field reads its arguments, and a page over 100 is refused there.
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

/** Refuses an `after` or `before` that no list has given out, wherever it stands: the database could not even look for it; and a page with two ends. */
const pagesOf = (variables: Record<string, unknown>) => (context: ValidationContext): ASTVisitor => ({
  Field(node) {
    const given = (wanted: string): boolean => {
      const argument = node.arguments?.find(({ name }) => name.value === wanted);
      return argument !== undefined && typeof valueFromAST(argument.value, GraphQLInt, variables) === 'number';
    };
    if (context.getFieldDef()?.args.some(({ name }) => name === 'last') && given('first') && given('last')) {
      context.reportError(refusal('A page is counted from the start or from the end of its list: give first or last, not both.', node));
    }
  },
  Argument(node) {
    const name = node.name.value;
    const type = context.getArgument()?.type;
    if ((name !== 'after' && name !== 'before') || !type || getNamedType(type) !== GraphQLString) return;
    const cursor = valueFromAST(node.value, GraphQLString, variables) as string | null | undefined;
    if (typeof cursor !== 'string' || isCursor(cursor, String(getNamedType(context.getType()!)))) return;
    context.reportError(refusal(
      `The cursor "${cursor.slice(0, 80)}" was not given out by this list. Use the ${name === 'after' ? 'endCursor' : 'startCursor'} of a page of it, or none for the first page.`,
      node,
    ));
  },
});

/** Cursors as the Prisma plugin writes them: a row's uuid, and for a step log the enrollment's uuid with the row's number. */
function isCursor(cursor: string, connection: string): boolean {
  const text = Buffer.from(cursor, 'base64').toString('utf8');
  return connection === 'StepLogConnection' ? LOG_CURSOR.test(text) : text.startsWith('GPC:S:') && isUuid(text.slice('GPC:S:'.length));
}

const LOG_CURSOR = /^GPC:T:\["S:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}","N:\d{1,9}"\]$/i;

/** Over HTTP these are errors of the request: 400 for whoever speaks application/graphql-response+json, and no `data` (GraphQL over HTTP §6.4.2). */
const asRequestError = (error: GraphQLError): GraphQLError =>
  new GraphQLError(error.message, { nodes: error.nodes, extensions: { ...error.extensions, http: { status: 400, spec: true } } });

/** Refuses queries and mutations before they run; subscriptions are refused where they are started, over whichever transport. */
export const limitRequests: Plugin = {
  onExecute: ({ args, setResultAndStopExecution }) => {
    const errors = refusalsOf(args);
    if (errors.length > 0) setResultAndStopExecution({ errors: errors.map(asRequestError) });
  },
};
