import { coolset } from 'keyhouse';
import {
  bodyOf,
  describeApi,
  named,
  type Operation,
  PAGE_QUERY,
  pageSchema,
  rowSchema,
  type Schema,
} from '../kit/openapi.ts';
import { errorBody } from './errors.ts';
import { INVITATION, ROLE_CHANGE } from './people-handlers.ts';
import { ORDERS, USER_CONFIGS } from './resources.ts';
import { ROLE_NAMES } from './roles.ts';

const text: Schema = { type: 'string' };
const textOrNull: Schema = { type: ['string', 'null'] };
const role: Schema = { type: ['string', 'null'], enum: [...ROLE_NAMES, null] };
const company = object({ id: text, name: text });

const OPERATIONS: readonly Operation[] = [
  {
    method: 'GET',
    path: '/api/accounts/user-config/',
    id: 'getUserConfig',
    tag: 'Account',
    summary: 'Who the token’s user is, what the token may do, and the user’s configuration in this company',
    permission: 'user-config:read',
    answer: named('UserConfig'),
  },
  {
    method: 'PATCH',
    path: '/api/accounts/user-config/',
    id: 'updateUserConfig',
    tag: 'Account',
    summary: 'Change the configuration',
    permission: 'user-config:write',
    body: bodyOf(USER_CONFIGS.fields, { whole: false }),
    answer: named('UserConfig'),
  },
  {
    method: 'GET',
    path: '/api/accounts/workspaces/',
    id: 'listWorkspaces',
    tag: 'Account',
    summary: 'List the companies of the token’s user; also without /api',
    permission: 'workspaces:read',
    answer: pageSchema(named('Workspace')),
  },
  {
    method: 'GET',
    path: '/api/accounts/users/',
    id: 'listUsers',
    tag: 'Users',
    summary: 'List the users of the company',
    permission: 'users:read',
    query: PAGE_QUERY,
    answer: pageSchema(named('User')),
  },
  {
    method: 'POST',
    path: '/api/accounts/users/',
    id: 'inviteUser',
    tag: 'Users',
    summary: 'Take a user into the company',
    permission: 'users:write',
    body: bodyOf(INVITATION, { whole: true }),
    status: 201,
    answer: named('User'),
    refusals: [409],
  },
  {
    method: 'GET',
    path: '/api/accounts/users/{id}/',
    id: 'getUser',
    tag: 'Users',
    summary: 'Read a user',
    permission: 'users:read',
    answer: named('User'),
  },
  {
    method: 'PATCH',
    path: '/api/accounts/users/{id}/',
    id: 'updateUser',
    tag: 'Users',
    summary: 'Give a user another role',
    permission: 'users:write',
    body: bodyOf(ROLE_CHANGE, { whole: true }),
    answer: named('User'),
    refusals: [409],
  },
  {
    method: 'DELETE',
    path: '/api/accounts/users/{id}/',
    id: 'removeUser',
    tag: 'Users',
    summary: 'Take a user out of the company',
    permission: 'users:write',
    status: 204,
    answer: null,
    refusals: [409],
  },
  {
    method: 'GET',
    path: '/api/orders/',
    id: 'listOrders',
    tag: 'Orders',
    summary: 'List orders',
    permission: 'orders:read',
    query: PAGE_QUERY,
    answer: pageSchema(named('Order')),
  },
  {
    method: 'POST',
    path: '/api/orders/',
    id: 'createOrder',
    tag: 'Orders',
    summary: 'Create an order',
    permission: 'orders:write',
    body: bodyOf(ORDERS.fields, { whole: true }),
    status: 201,
    answer: named('Order'),
  },
  {
    method: 'GET',
    path: '/api/orders/{id}/',
    id: 'getOrder',
    tag: 'Orders',
    summary: 'Read an order',
    permission: 'orders:read',
    answer: named('Order'),
  },
  {
    method: 'PATCH',
    path: '/api/orders/{id}/',
    id: 'updateOrder',
    tag: 'Orders',
    summary: 'Update an order',
    permission: 'orders:write',
    body: bodyOf(ORDERS.fields, { whole: false }),
    answer: named('Order'),
  },
  {
    method: 'DELETE',
    path: '/api/orders/{id}/',
    id: 'deleteOrder',
    tag: 'Orders',
    summary: 'Delete an order',
    permission: 'orders:delete',
    status: 204,
    answer: null,
  },
];

const { invalid_token, insufficient_permissions } = coolset.errors.denials;

/** What Keyhouse answers before the API is asked, in the profile's words. */
const PRINTED: Readonly<Record<number, string>> = {
  401: invalid_token.message,
  403: insufficient_permissions.message,
};

/** What `/reference` shows of this API. */
export const API_DESCRIPTION: Readonly<Record<string, unknown>> = {
  ...describeApi({
    title: 'Coolset API',
    description:
      'Orders, the users of your company, and how you like to see both. A token belongs to one company, and either to ' +
      'production or to the sandbox.',
    server: '/',
    tokenWord: coolset.words.token,
    operations: OPERATIONS,
    schemas: {
      UserConfig: object({
        user: object({ id: text, name: textOrNull, email: textOrNull }),
        workspace: company,
        role,
        token: object({ id: text, name: text, environment: text, permissions: { type: 'array', items: text } }),
        ...properties(bodyOf(USER_CONFIGS.fields, { whole: true })),
      }),
      Workspace: object({
        id: text,
        name: text,
        role,
        is_current: { type: 'boolean', description: 'Whether the token belongs to it.' },
      }),
      User: object({
        id: text,
        email: textOrNull,
        name: textOrNull,
        role,
        is_active: { type: 'boolean', description: 'While false no token of the user works.' },
      }),
      Order: rowSchema(ORDERS),
    },
    error: {
      type: 'object',
      required: ['detail'],
      properties: {
        detail: text,
        errors: {
          type: 'array',
          description: 'What is wrong, field by field.',
          items: object({ path: text, message: text }),
        },
      },
    },
    errorExample: ({ status, message }) => errorBody({ message: PRINTED[status] ?? message, problems: [] }),
  }),
  servers: [
    { url: '/', description: 'Production' },
    { url: '/sandbox', description: 'The sandbox, for tokens made for testing' },
  ],
};

/** An object that has all of these members. */
function object(members: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', required: Object.keys(members), properties: members };
}

function properties(schema: Schema): Readonly<Record<string, Schema>> {
  return schema.properties as Readonly<Record<string, Schema>>;
}
