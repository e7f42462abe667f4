import { MillraceError, type ErrorCode } from '../errors.ts';
import type { Diagnostic as Finding } from '../core/definition/diagnostic.ts';
import { byTable, inWords } from '../services/in-words.ts';
import { builder } from './builder.ts';
import { Diagnostic } from './diagnostic.ts';

/** Failures that a client should expect: each is a type of its own in the result unions of the mutations that may answer it. */
const CODES = {
  NOT_FOUND: { description: 'There is no such thing in this location.' },
  VALIDATION_FAILED: { description: 'The definition has errors; `diagnostics` has each.' },
  VERSION_CONFLICT: { description: 'Somebody changed it meanwhile.' },
  PRECONDITION_REQUIRED: { description: 'Say which revision the change was made upon.' },
  ALREADY_ENROLLED: { description: 'The contact is, or was, in this workflow.' },
  ALREADY_EXISTS: { description: 'The name or the address is taken.' },
  WORKFLOW_NOT_ACTIVE: { description: 'The workflow takes nobody in now.' },
  INVALID_STATE: { description: 'Not possible in the state that the thing is in.' },
  INVALID_INPUT: { description: 'The input cannot be used; `faults` says where.' },
  PAYLOAD_TOO_LARGE: { description: 'The source is too large.' },
  NOT_IMPLEMENTED: { description: 'This installation cannot do it yet.' },
} as const satisfies Partial<Record<ErrorCode, { description: string }>>;

const UserErrorCode = builder.enumType('UserErrorCode', { description: 'What kind of failure it is.', values: CODES });

/**
 * A class that owns every MillraceError of one code, so that the errors plugin, which asks `instanceof`, can tell them apart:
 * services throw one class with a code.
 */
function errorsOf(code: ErrorCode): new () => MillraceError {
  return class {
    static [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof MillraceError && value.code === code;
    }
  } as unknown as new () => MillraceError; // never constructed: it only answers instanceof
}

export const NotFound = errorsOf('NOT_FOUND');
export const ValidationFailed = errorsOf('VALIDATION_FAILED');
export const VersionConflict = errorsOf('VERSION_CONFLICT');
export const PreconditionRequired = errorsOf('PRECONDITION_REQUIRED');
export const AlreadyEnrolled = errorsOf('ALREADY_ENROLLED');
export const AlreadyExists = errorsOf('ALREADY_EXISTS');
export const WorkflowNotActive = errorsOf('WORKFLOW_NOT_ACTIVE');
export const InvalidState = errorsOf('INVALID_STATE');
export const InvalidInput = errorsOf('INVALID_INPUT');
export const PayloadTooLarge = errorsOf('PAYLOAD_TOO_LARGE');
export const NotImplemented = errorsOf('NOT_IMPLEMENTED');

const asInputs = byTable({ contact_ids: 'contactIds', custom_fields: 'customFields', first_name: 'firstName', last_name: 'lastName', step_id: 'stepKey' });

/** An error with the ways to its faults as the inputs of this schema name them. */
const asAsked = (error: MillraceError): MillraceError => inWords(error, asInputs);

const UserError = builder.interfaceRef<MillraceError>('UserError').implement({
  description: 'A failure that a client should expect.',
  fields: (t) => ({
    code: t.field({ type: UserErrorCode, description: 'What kind of failure it is; REST answers the same codes.', resolve: (error) => error.code as keyof typeof CODES }),
    message: t.string({ description: 'For people: what was found, what was expected, what to do.', resolve: (error) => asAsked(error).message }),
    path: t.stringList({
      description: 'The way to the first thing that is wrong in the input; empty for the whole.', resolve: (error) => (asAsked(error).faults[0]?.path ?? []).map(String),
    }),
  }),
});

export const Fault = builder.objectRef<MillraceError['faults'][number]>('Fault').implement({
  description: 'One thing that is wrong in an input.',
  fields: (t) => ({
    path: t.stringList({ description: 'The way to it.', resolve: (fault) => fault.path.map(String) }),
    message: t.exposeString('message', { description: 'For people: what was found, what was expected.' }),
  }),
});

/** A detail of an error, when it is text. */
const text = (error: MillraceError, name: string): string | null => (typeof error.detail[name] === 'string' ? (error.detail[name] as string) : null);

builder.objectType(NotFound, { name: 'NotFound', description: 'There is no such thing in this location.', interfaces: [UserError] });
builder.objectType(WorkflowNotActive, {
  name: 'WorkflowNotActive',
  description: 'The workflow takes nobody in now: it is a draft, paused, archived, or its entry is stopped.',
  interfaces: [UserError],
});
builder.objectType(InvalidState, { name: 'InvalidState', description: 'Not possible in the state that the thing is in.', interfaces: [UserError] });
builder.objectType(PreconditionRequired, {
  name: 'PreconditionRequired', description: 'Say which revision the change was made upon: `expectedRevision`.', interfaces: [UserError],
});
builder.objectType(PayloadTooLarge, { name: 'PayloadTooLarge', description: 'The source is larger than 1 MiB.', interfaces: [UserError] });
builder.objectType(NotImplemented, { name: 'NotImplemented', description: 'Asked for something that this installation cannot do yet.', interfaces: [UserError] });

builder.objectType(InvalidInput, {
  name: 'InvalidInput',
  description: 'The input cannot be used.',
  interfaces: [UserError],
  fields: (t) => ({ faults: t.field({ type: [Fault], description: 'Everything that is wrong.', resolve: (error) => asAsked(error).faults }) }),
});

builder.objectType(ValidationFailed, {
  name: 'ValidationFailed',
  description: 'The definition has errors.',
  interfaces: [UserError],
  fields: (t) => ({
    diagnostics: t.field({ type: [Diagnostic], description: 'Every finding, with line and column.', resolve: (error) => findingsOf(error) }),
  }),
});

/** The diagnostics that came with the error, or its faults in their form. */
function findingsOf(error: MillraceError): Finding[] {
  if (Array.isArray(error.detail.diagnostics)) return error.detail.diagnostics as Finding[];
  return error.faults.map(({ path, message, line, column }) => ({
    rule: 'invalid', severity: 'error', kind: 'structure', message, hint: null, path, line: line ?? null, column: column ?? null,
  }));
}

builder.objectType(VersionConflict, {
  name: 'VersionConflict',
  description: 'Somebody changed it meanwhile: read it again, merge, and send the new revision.',
  interfaces: [UserError],
  fields: (t) => ({
    current: t.int({
      nullable: true,
      description: 'The revision that is there now.',
      resolve: (error) => (typeof error.detail.currentRevision === 'number' ? error.detail.currentRevision : null),
    }),
  }),
});

builder.objectType(AlreadyEnrolled, {
  name: 'AlreadyEnrolled',
  description: 'The contact is, or was, in this workflow and may not enter again.',
  interfaces: [UserError],
  fields: (t) => ({
    enrollment: t.prismaField({
      type: 'Enrollment',
      description: 'The enrollment that is in the way.',
      resolve: (query, error, _args, { db }) => db.enrollment.findUniqueOrThrow({ ...query, where: { id: text(error, 'enrollmentId') ?? '' } }),
    }),
  }),
});

builder.objectType(AlreadyExists, {
  name: 'AlreadyExists',
  description: 'Something of this name or address is there already.',
  interfaces: [UserError],
  fields: (t) => ({
    existingContact: t.prismaField({
      type: 'Contact',
      nullable: true,
      description: 'The contact who has the e-mail address, when that is what is taken.',
      resolve: (query, error, _args, { db }) => {
        const id = text(error, 'contactId');
        return id === null ? null : db.contact.findUnique({ ...query, where: { id } });
      },
    }),
  }),
});
