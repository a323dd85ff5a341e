import { join } from 'node:path';
import { launch } from '../kit/launch.ts';
import { createApi } from './api.ts';
import { describeHosting } from './api-description.ts';
import { PROFILE_FILE, readProfile } from './company.ts';
import { ADMIN, makeAnotherToken, makeFirstStart } from './first-start.ts';
import { openHoster } from './hoster.ts';

const HOUR_MS = 3_600_000;

const profile = readProfile();

await launch({
  name: 'hosting',
  title: profile.company.name,
  adminEmail: ADMIN,
  keyhouse: { profile: PROFILE_FILE, apiDescription: describeHosting(profile) },
  open(keyhouse, folder) {
    const hoster = openHoster(join(folder, 'hosting.sqlite'));
    hoster.settle();
    const hourly = setInterval(() => hoster.settle(), HOUR_MS);
    return {
      api: createApi(keyhouse, hoster, profile),
      makeFirstStart: () => makeFirstStart(keyhouse, hoster, profile.company.name),
      makeAnotherToken: () => makeAnotherToken(keyhouse),
      close() {
        clearInterval(hourly);
        hoster.close();
      },
    };
  },
  firstCommand: (api, token) => `curl ${api}/v1/domains -H "Authorization: Bearer ${token}"`,
});
