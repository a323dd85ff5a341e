import type { Request, RequestHandler } from 'express';
import type { Identity } from 'keyhouse';
import { badInput } from '../kit/api-error.ts';
import { type Fields, oneOf, optional, readValues, text, type Values } from '../kit/fields.ts';
import { limitOf } from '../kit/row-handlers.ts';
import type { People } from './people.ts';
import { ROLE_NAMES, type RoleName } from './roles.ts';

const role = oneOf(...ROLE_NAMES);
export const INVITATION: Fields = { email: text(254), name: optional(text(100)), role };
export const ROLE_CHANGE: Fields = { role };

/** What the routes about users do. None of it asks whether the caller may call them: that is settled before. */
export function peopleHandlers(people: People, callerOf: (request: Request) => Identity) {
  const list: RequestHandler = async (request, response) => {
    const { cursor } = request.query;
    const page = { limit: limitOf(request), ...(cursor !== undefined && { cursor: String(cursor) }) };
    response.json(await people.list(callerOf(request), page));
  };
  const read: RequestHandler = async (request, response) => {
    response.json(await people.read(callerOf(request), idOf(request)));
  };
  const invite: RequestHandler = async (request, response) => {
    const { email, name, role } = valuesOf(INVITATION, request);
    const invitation = { email: String(email), role: role as RoleName };
    const invited = name == null ? invitation : { ...invitation, name: String(name) };
    response.status(201).json(await people.invite(callerOf(request), invited));
  };
  const change: RequestHandler = async (request, response) => {
    const { role } = valuesOf(ROLE_CHANGE, request);
    response.json(await people.changeRole(callerOf(request), idOf(request), role as RoleName));
  };
  const remove: RequestHandler = async (request, response) => {
    await people.remove(callerOf(request), idOf(request));
    response.status(204).end();
  };
  return { list, read, invite, change, remove };
}

function idOf({ params }: Request): string {
  return String(params.id);
}

function valuesOf(fields: Fields, { body }: Request): Values {
  const read = readValues(fields, body, { whole: true });
  if ('values' in read) return read.values;
  throw badInput(...read.problems);
}
