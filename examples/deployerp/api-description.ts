import { deployerp } from 'keyhouse';
import { bodyOf, describeApi, named, type Operation, PAGE_QUERY, pageSchema, rowSchema } from '../kit/openapi.ts';
import { RESOURCES, type Resource } from './resources.ts';

const { company, errors, words } = deployerp;

/** What `/reference` shows of this API: written from the table that its routes are made of. */
export const API_DESCRIPTION = describeApi({
  title: 'deployERP API',
  description: 'Servers, what runs on them, their backups, the teams that look after them, and what it all costs.',
  server: company.apiBaseUrl ?? '/',
  tokenWord: words.token,
  operations: RESOURCES.flatMap(operationsOn),
  schemas: Object.fromEntries(RESOURCES.map((resource) => [nameOf(resource), rowSchema(resource)])),
  error: {
    type: 'object',
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message', 'status'],
        properties: {
          code: { type: 'string' },
          message: { type: 'string' },
          status: { type: 'integer' },
          errors: {
            type: 'array',
            items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } },
          },
        },
      },
    },
  },
  errorExample: ({ status, code, message }) => ({
    error: { code, message: status === 401 ? errors.denials.authentication_required.message : message, status },
  }),
});

function operationsOn(resource: Resource): Operation[] {
  const { name, fields, permissions } = resource;
  const { read, create, change, remove } = permissions;
  const all = { path: `/v1/${name}`, tag: name };
  const one = { path: `/v1/${name}/{id}`, tag: name };
  const what = nameOf(resource);
  const noun = what.toLowerCase();
  const article = /^[aeiou]/.test(noun) ? 'an' : 'a';
  const row = named(what);
  const operations: Operation[] = [
    {
      ...all,
      method: 'GET',
      id: `list${what}s`,
      summary: `List ${name}`,
      permission: read,
      query: PAGE_QUERY,
      answer: pageSchema(row),
    },
    { ...one, method: 'GET', id: `read${what}`, summary: `Read one ${noun}`, permission: read, answer: row },
  ];
  if (create !== undefined) {
    const body = bodyOf(fields, { whole: true });
    const made = { body, status: 201, answer: row };
    operations.push({
      ...all,
      method: 'POST',
      id: `create${what}`,
      summary: `Create ${article} ${noun}`,
      permission: create,
      ...made,
    });
  }
  if (change !== undefined) {
    const body = bodyOf(fields, { whole: false });
    operations.push({
      ...one,
      method: 'PATCH',
      id: `change${what}`,
      summary: `Change ${article} ${noun}`,
      permission: change,
      body,
      answer: row,
    });
  }
  if (remove !== undefined) {
    const gone = { status: 204, answer: null, refusals: [409] as const };
    operations.push({
      ...one,
      method: 'DELETE',
      id: `delete${what}`,
      summary: `Delete ${article} ${noun}`,
      permission: remove,
      ...gone,
    });
  }
  return operations;
}

/** `servers` are each a `Server`. */
function nameOf({ name }: Resource): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1, -1)}`;
}
