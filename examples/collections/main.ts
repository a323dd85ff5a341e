import { launch } from '../kit/launch.ts';
import { createApi } from './api.ts';
import { API_DESCRIPTION } from './api-description.ts';
import { Collections } from './collections.ts';
import { ADMIN, makeBearerToken, makeFirstStart } from './first-start.ts';

await launch({
  name: 'collections',
  title: 'Your Site',
  adminEmail: ADMIN,
  keyhouse: { profile: 'collections', apiDescription: API_DESCRIPTION },
  open(keyhouse, folder) {
    const collections = new Collections(folder);
    return {
      api: createApi(keyhouse, collections),
      asksForBodies: true,
      makeFirstStart: () => makeFirstStart(keyhouse),
      makeAnotherToken: () => makeBearerToken(keyhouse),
      close: () => collections.close(),
    };
  },
  firstCommand: (api, token) => `curl ${api}/collections -H "Authorization: Bearer ${token}"`,
});
