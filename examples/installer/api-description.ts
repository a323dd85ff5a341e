import { installer } from 'keyhouse';
import { bodyOf, describeApi, named, type Operation, PAGE_QUERY, pageSchema, rowSchema } from '../kit/openapi.ts';
import { errorBody } from './errors.ts';
import { INSTALLERS, JOBS } from './resources.ts';

const OPERATIONS: readonly Operation[] = [
  {
    method: 'GET',
    path: '/api/v1/partners/installers',
    id: 'listInstallers',
    tag: 'Installers',
    summary: 'List Installers',
    permission: 'installers:read',
    query: PAGE_QUERY,
    answer: pageSchema(named('Installer')),
  },
  {
    method: 'POST',
    path: '/api/v1/partners/installers',
    id: 'createInstaller',
    tag: 'Installers',
    summary: 'Create Installer',
    permission: 'installers:write',
    body: bodyOf(INSTALLERS.fields, { whole: true }),
    status: 201,
    answer: named('Installer'),
  },
  {
    method: 'GET',
    path: '/api/v1/partners/installers/{id}',
    id: 'getInstaller',
    tag: 'Installers',
    summary: 'Get Installer',
    permission: 'installers:read',
    answer: named('Installer'),
  },
  {
    method: 'PATCH',
    path: '/api/v1/partners/installers/{id}',
    id: 'updateInstaller',
    tag: 'Installers',
    summary: 'Update Installer',
    permission: 'installers:write',
    body: bodyOf(INSTALLERS.fields, { whole: false }),
    answer: named('Installer'),
  },
  {
    method: 'DELETE',
    path: '/api/v1/partners/installers/{id}',
    id: 'deleteInstaller',
    tag: 'Installers',
    summary: 'Delete Installer',
    permission: 'installers:write',
    status: 204,
    answer: null,
    refusals: [409],
  },
  {
    method: 'GET',
    path: '/api/v1/partners/jobs',
    id: 'listJobs',
    tag: 'Jobs',
    summary: 'List Jobs',
    permission: 'jobs:read',
    query: PAGE_QUERY,
    answer: pageSchema(named('Job')),
  },
  {
    method: 'POST',
    path: '/api/v1/partners/jobs',
    id: 'createJob',
    tag: 'Jobs',
    summary: 'Create Job',
    permission: 'jobs:write',
    body: bodyOf(JOBS.fields, { whole: true }),
    status: 201,
    answer: named('Job'),
  },
  {
    method: 'GET',
    path: '/api/v1/partners/jobs/{id}',
    id: 'getJob',
    tag: 'Jobs',
    summary: 'Get Job',
    permission: 'jobs:read',
    answer: named('Job'),
  },
  {
    method: 'PATCH',
    path: '/api/v1/partners/jobs/{id}',
    id: 'updateJob',
    tag: 'Jobs',
    summary: 'Update Job',
    permission: 'jobs:write',
    body: bodyOf(JOBS.fields, { whole: false }),
    answer: named('Job'),
  },
];

const { invalid_token, insufficient_permissions } = installer.errors.denials;

/** What Keyhouse answers before the API is asked, in the profile's words. */
const PRINTED: Readonly<Record<number, string>> = {
  401: invalid_token.message,
  403: insufficient_permissions.message,
};

const text = { type: 'string' };

/** What `/reference` shows of this API. */
export const API_DESCRIPTION = describeApi({
  title: 'Installer.com API',
  description: 'Installers, and the jobs that are booked with them.',
  server: installer.company.apiBaseUrl ?? '/',
  tokenWord: installer.words.token,
  operations: OPERATIONS,
  schemas: { Installer: rowSchema(INSTALLERS), Job: rowSchema(JOBS) },
  error: {
    type: 'object',
    required: ['error', 'message', 'statusCode'],
    properties: {
      error: text,
      message: text,
      statusCode: { type: 'integer' },
      errors: {
        type: 'array',
        description: 'What is wrong, field by field.',
        items: { type: 'object', required: ['path', 'message'], properties: { path: text, message: text } },
      },
    },
  },
  errorExample: ({ status, message }) => errorBody({ status, message: PRINTED[status] ?? message, problems: [] }),
});
