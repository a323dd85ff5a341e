import { describeApi, named, PAGE_QUERY, pageSchema, type Schema } from '../kit/openapi.ts';
import { FIELD } from './receive-upload.ts';

const TEXT = { type: 'string' };
const COUNT = { type: 'integer', minimum: 0 };
const INSTANT = { type: 'string', format: 'date-time' };
const VERSION = { type: ['string', 'null'], description: 'As the collection’s own collection.json says.' };
const SHA256 = { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of the archive.' };

const COLLECTION = {
  name: { ...TEXT, description: 'From collection.json, or the name of the archive without .zip.' },
  version: VERSION,
  description: { type: ['string', 'null'] },
  file_count: COUNT,
  bytes: { ...COUNT, description: 'Of all files together.' },
  sha256: SHA256,
  installed_at: INSTANT,
  installed_by: { ...TEXT, description: 'Id of the user.' },
};
const FILE = { path: TEXT, bytes: COUNT, content_type: TEXT };
const REPLACED = { version: VERSION, sha256: SHA256, installed_at: INSTANT };

const one = { path: '/collections/{name}', tag: 'collections' };
const all = { path: '/collections', tag: 'collections' };

/** What `/reference` shows of this API. */
export const API_DESCRIPTION = describeApi({
  title: 'Your Site API',
  description: 'Collections of files on a site, installed by whoever builds them.',
  server: 'https://yoursite.com',
  tokenWord: 'bearer token',
  operations: [
    {
      path: '/installCollection',
      tag: 'collections',
      method: 'POST',
      id: 'installCollection',
      summary: 'Install a collection, or another version of it',
      permission: 'collections:install',
      body: {
        type: 'object',
        required: [FIELD],
        properties: { [FIELD]: { type: 'string', contentMediaType: 'application/zip', description: 'A zip archive.' } },
      },
      bodyType: 'multipart/form-data',
      status: 201,
      answer: named('Installation'),
      refusals: [422],
    },
    {
      ...all,
      method: 'GET',
      id: 'listCollections',
      summary: 'List the installed collections, by name',
      permission: 'collections:read',
      query: PAGE_QUERY,
      answer: pageSchema(named('Collection')),
    },
    {
      ...one,
      method: 'GET',
      id: 'readCollection',
      summary: 'Describe a collection with its files',
      permission: 'collections:read',
      answer: named('CollectionWithFiles'),
    },
    {
      ...one,
      method: 'DELETE',
      id: 'removeCollection',
      summary: 'Remove a collection',
      permission: 'collections:install',
      status: 204,
      answer: null,
    },
    {
      path: '/collections/{name}/files/{path}',
      tag: 'collections',
      method: 'GET',
      id: 'readFile',
      summary: 'Read one file of a collection',
      permission: 'collections:read',
      answer: { type: 'string', description: 'The file, as it was uploaded.' },
    },
  ],
  schemas: {
    Collection: objectOf(COLLECTION),
    CollectionWithFiles: objectOf({ ...COLLECTION, files: { type: 'array', items: objectOf(FILE) } }),
    Installation: objectOf({
      ...COLLECTION,
      skipped_files: { ...COUNT, description: 'Files that were left out, because their names begin with a dot.' },
      replaced: { anyOf: [objectOf(REPLACED), { type: 'null' }], description: 'What was there before.' },
    }),
  },
  error: {
    type: 'object',
    required: ['message'],
    properties: {
      message: TEXT,
      errors: { type: 'array', items: { type: 'object', properties: { path: TEXT, message: TEXT } } },
    },
  },
  errorExample: ({ message }) => ({ message }),
});

function objectOf(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', required: Object.keys(properties), properties };
}
