import type { Instant, SeenNetwork, TokenRecord } from '../ports/index.ts';
import { alertPlanOf } from '../profile/index.ts';
import { dayOf, ofLine } from './alert-finding.ts';
import type { Upkeep } from './job.ts';
import { habitsOf, wasLearning } from './learning.ts';
import { raiseAlert } from './raise-alert.ts';

/** Of what there is more, the next run sees to. */
const AT_ONCE = 2_000;

/**
 * Looks at networks that tokens were used from for the first time: learned in silence while a token is new, unusual
 * afterwards. What a token's line of rotations knows, it knows.
 */
export async function watchNetworks(upkeep: Upkeep, now: Instant): Promise<void> {
  const { sightings, engine } = upkeep;
  const found = await sightings.networks.findNew(AT_ONCE);
  for (const [tokenId, networks] of Map.groupBy(found, (one) => one.tokenId)) {
    if (upkeep.stopped.aborted) return;
    const token = await engine.store.tokens.findById(tokenId);
    if (token === null) await sightings.networks.forget(networks);
    else await watchToken(upkeep, token, networks, now);
  }
}

async function watchToken(
  upkeep: Upkeep,
  token: TokenRecord,
  networks: readonly SeenNetwork[],
  now: Instant,
): Promise<void> {
  const { sightings, engine } = upkeep;
  const { networksMax } = alertPlanOf(engine.authenticator.profile.profile);
  const habits = await habitsOf(upkeep, token.lineageId);
  const home = new Set(habits.seen.filter(({ isKnown }) => isKnown).map(({ network }) => network));
  const isAtHomeEverywhere = home.size >= networksMax;
  const unusual: SeenNetwork[] = [];
  for (const network of isAtHomeEverywhere ? [] : networks) {
    if (!home.has(network.network) && !(await wasLearning(upkeep, habits, network.firstAt))) unusual.push(network);
  }
  for (const [day, some] of Map.groupBy(unusual, ({ firstAt }) => dayOf(firstAt))) {
    const times = some.map(({ firstAt }) => firstAt);
    const found = {
      ...ofLine('new_network', token, day),
      networks: some.map(({ network }) => network),
      firstAt: Math.min(...times),
      lastAt: Math.max(...times),
      count: some.length,
    };
    await raiseAlert(upkeep, found, now);
  }
  const isKept = ({ network }: SeenNetwork) => !isAtHomeEverywhere || home.has(network);
  await sightings.networks.forget(networks.filter((network) => !isKept(network)));
  await sightings.networks.learn(networks.filter(isKept));
}
