import { join } from 'node:path';
import { launch } from '../kit/launch.ts';
import { Tables } from '../kit/tables.ts';
import { createApi } from './api.ts';
import { API_DESCRIPTION } from './api-description.ts';
import { ADMIN, makeAnotherToken, makeFirstStart } from './first-start.ts';
import { INSTALLERS, JOBS } from './resources.ts';

await launch({
  name: 'installer',
  title: 'Installer.com',
  adminEmail: ADMIN,
  keyhouse: { profile: 'installer', apiDescription: API_DESCRIPTION },
  open(keyhouse, folder) {
    const tables = new Tables(join(folder, 'installer.sqlite'), [INSTALLERS, JOBS]);
    return {
      api: createApi(keyhouse, tables),
      makeFirstStart: () => makeFirstStart(keyhouse, tables),
      makeAnotherToken: () => makeAnotherToken(keyhouse),
      close: () => tables.close(),
    };
  },
  firstCommand: (api, token) => `curl ${api}/api/v1/partners/installers -H "Authorization: Bearer ${token}"`,
});
