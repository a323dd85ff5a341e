import type { Request, RequestHandler } from 'express';
import { ApiError, badInput } from './api-error.ts';
import { readValues, type Values } from './fields.ts';
import type { Row, Table, Tables } from './tables.ts';

/**
 * What a route does with the rows of a table. None of it asks whether the caller may: that is settled before.
 * @param workspaceOf whose rows a request is about.
 */
export function rowHandlers(tables: Tables, workspaceOf: (request: Request) => string) {
  return {
    list:
      (table: Table): RequestHandler =>
      (request, response) => {
        response.json(tables.list(table, workspaceOf(request), ...pageOf(request)));
      },
    read:
      (table: Table): RequestHandler =>
      (request, response) => {
        response.json(found(tables.read(table, workspaceOf(request), idOf(request))));
      },
    create:
      (table: Table): RequestHandler =>
      (request, response) => {
        const values = valuesOf(table, request, { whole: true });
        response.status(201).json(tables.insert(table, workspaceOf(request), values));
      },
    change:
      (table: Table): RequestHandler =>
      (request, response) => {
        const values = valuesOf(table, request, { whole: false });
        response.json(found(tables.update(table, workspaceOf(request), idOf(request), values)));
      },
    remove:
      (table: Table): RequestHandler =>
      (request, response) => {
        found(tables.remove(table, workspaceOf(request), idOf(request)));
        response.status(204).end();
      },
  };
}

/** For all other methods of a path. HEAD is answered wherever GET is. */
export function refuseMethodsBut(...methods: readonly string[]): RequestHandler {
  const allowed = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  return (_request, response) => {
    response.set('Allow', allowed);
    throw new ApiError(405, 'method_not_allowed', 'This path does not answer that method.');
  };
}

function idOf({ params }: Request): string {
  return String(params.id);
}

/** How long a page is to be. */
export function limitOf({ query }: Request): number {
  const { limit = '25' } = query;
  if (/^([1-9]\d?|100)$/.test(String(limit))) return Number(limit);
  throw badInput({ path: 'limit', message: 'A whole number from 1 to 100.' });
}

/** Which page of a list is asked for: how long, and after which row. */
export function pageOf(request: Request): [limit: number, cursor: number] {
  const { cursor = '0' } = request.query;
  const limit = limitOf(request);
  if (!/^\d{1,15}$/.test(String(cursor)))
    throw badInput({ path: 'cursor', message: 'Not the next_cursor of an earlier page.' });
  return [limit, Number(cursor)];
}

function valuesOf({ fields }: Table, { body }: Request, { whole }: { readonly whole: boolean }): Values {
  const read = readValues(fields, body, { whole });
  if ('values' in read) return read.values;
  throw badInput(...read.problems);
}

/** What is another customer's is not there: nobody learns what others have. */
function found(row: Row | null): Row {
  if (row === null) throw new ApiError(404, 'not_found', 'There is no such thing.');
  return row;
}
