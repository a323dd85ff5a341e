import { join } from 'node:path';
import { createApi } from '../../examples/hosting/api.ts';
import { EVERYTHING } from '../../examples/hosting/first-start.ts';
import { openHoster } from '../../examples/hosting/hoster.ts';
import type { Profile } from '../../src/profile/index.ts';
import type { TestEngine } from '../../src/testing/engine.ts';
import type { Doors } from './company.ts';

/** The API of `examples/hosting` in the name of this hoster, for `openCompany`; its clock is the engine's. */
export function mountHosting(profile: Profile) {
  return (doors: Doors, { folder, clock }: TestEngine) => {
    const hoster = openHoster(join(folder, 'hosting.sqlite'), () => new Date(clock.now()));
    return {
      api: createApi({ ...doors, allowedOrigins: () => profile.cors.origins }, hoster, profile),
      permissions: EVERYTHING,
      hoster,
      close: () => hoster.close(),
    };
  };
}
