import { join } from 'node:path';
import { launch } from '../kit/launch.ts';
import { Tables } from '../kit/tables.ts';
import { createApi } from './api.ts';
import { API_DESCRIPTION } from './api-description.ts';
import { ADMIN, makeAnotherToken, makeFirstStart } from './first-start.ts';
import { ORDERS, USER_CONFIGS } from './resources.ts';

await launch({
  name: 'coolset',
  title: 'Coolset',
  adminEmail: ADMIN,
  keyhouse: { profile: 'coolset', apiDescription: API_DESCRIPTION },
  open(keyhouse, folder) {
    const open = (name: string) => new Tables(join(folder, `${name}.sqlite`), [ORDERS, USER_CONFIGS]);
    const storage = { live: open('live'), sandbox: open('sandbox') };
    return {
      api: createApi(keyhouse, storage),
      makeFirstStart: () => makeFirstStart(keyhouse, storage),
      makeAnotherToken: () => makeAnotherToken(keyhouse),
      close() {
        storage.live.close();
        storage.sandbox.close();
      },
    };
  },
  firstCommand: (api, token) => `curl ${api}/api/accounts/user-config/ -H "Authorization: Bearer ${token}"`,
});
