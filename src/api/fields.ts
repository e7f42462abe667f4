import type { builder } from './builder.ts';

/** The builder of a payload's fields, for functions that several payloads share. */
export type Fields<Parent> = PothosSchemaTypes.ObjectFieldBuilder<typeof builder.$inferSchemaTypes, Parent>;

/** `workflow` of a payload: read again, as deep as the client asked. */
export function workflowField<Parent extends { workflowId: string }>(t: Fields<Parent>) {
  return t.prismaField({
    type: 'Workflow',
    description: 'The workflow as it is now.',
    resolve: (query, { workflowId }, _args, { db }) => db.workflow.findUniqueOrThrow({ ...query, where: { id: workflowId } }),
  });
}

/** `contact` of a payload. */
export function contactField<Parent extends { contactId: string }>(t: Fields<Parent>) {
  return t.prismaField({
    type: 'Contact',
    description: 'The contact as it is now.',
    resolve: (query, { contactId }, _args, { db }) => db.contact.findUniqueOrThrow({ ...query, where: { id: contactId } }),
  });
}

/** `enrollment` of a payload. */
export function enrollmentField<Parent extends { enrollmentId: string }>(t: Fields<Parent>) {
  return t.prismaField({
    type: 'Enrollment',
    description: 'The enrollment as it is now.',
    resolve: (query, { enrollmentId }, _args, { db }) => db.enrollment.findUniqueOrThrow({ ...query, where: { id: enrollmentId } }),
  });
}
