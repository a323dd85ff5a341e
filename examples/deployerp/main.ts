import { join } from 'node:path';
import { launch } from '../kit/launch.ts';
import { Tables } from '../kit/tables.ts';
import { createApi } from './api.ts';
import { API_DESCRIPTION } from './api-description.ts';
import { ADMIN, makeAnotherKey, makeFirstStart } from './first-start.ts';
import { RESOURCES } from './resources.ts';

await launch({
  name: 'deployerp',
  title: 'deployERP',
  adminEmail: ADMIN,
  keyhouse: { profile: 'deployerp', apiDescription: API_DESCRIPTION },
  open(keyhouse, folder) {
    const tables = new Tables(join(folder, 'deployerp.sqlite'), RESOURCES);
    return {
      api: createApi(keyhouse, tables),
      makeFirstStart: () => makeFirstStart(keyhouse, tables),
      makeAnotherToken: () => makeAnotherKey(keyhouse),
      close: () => tables.close(),
    };
  },
  firstCommand: (api, token) => `curl ${api}/v1/servers -H "Authorization: Bearer ${token}"`,
});
