import type { Request, RequestHandler } from 'express';
import type { Identity } from 'keyhouse';
import { badInput } from '../kit/api-error.ts';
import { readValues } from '../kit/fields.ts';
import type { Row, Tables } from '../kit/tables.ts';
import { DEFAULT_CONFIG, USER_CONFIGS } from './resources.ts';
import { roleOf } from './roles.ts';
import { membershipsOf, type Owners } from './workspaces.ts';

/** Who the token's user is in this company, what the token may do there, and how the user likes to see it. */
export function userConfigHandlers(keyhouse: Owners, tables: Tables, callerOf: (request: Request) => Identity) {
  const describe = async (caller: Identity, config: Row) => {
    const { id, name, environment, owner, workspace, effective_permissions: permissions } = caller;
    const memberships = await membershipsOf(keyhouse, caller);
    const membership = memberships.find((one) => one.workspace.id === workspace.id);
    return {
      user: { id: owner.id, name: owner.name, email: owner.email },
      workspace: { id: workspace.id, name: workspace.name },
      role: membership === undefined ? null : roleOf(membership),
      token: { id, name, environment, permissions },
      ...Object.fromEntries(Object.keys(DEFAULT_CONFIG).map((field) => [field, config[field]])),
    };
  };
  const read: RequestHandler = async (request, response) => {
    const caller = callerOf(request);
    const config = tables.read(USER_CONFIGS, caller.workspace.id, caller.owner.id) ?? DEFAULT_CONFIG;
    response.json(await describe(caller, config));
  };
  const change: RequestHandler = async (request, response) => {
    const caller = callerOf(request);
    const [workspace, id] = [caller.workspace.id, caller.owner.id];
    const sent = readValues(USER_CONFIGS.fields, request.body, { whole: false });
    if ('problems' in sent) throw badInput(...sent.problems);
    const config =
      tables.update(USER_CONFIGS, workspace, id, sent.values) ??
      tables.insert(USER_CONFIGS, workspace, { ...DEFAULT_CONFIG, ...sent.values, id });
    response.json(await describe(caller, config));
  };
  return { read, change };
}
