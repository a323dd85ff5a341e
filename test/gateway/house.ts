import { createGateway, type GatewayOptions } from '../../src/http/gateway/index.ts';
import { keyhouse, type Profile } from '../../src/profile/index.ts';
import { type ListenerOptions, type ListenersOptions, startListeners } from '../../src/server/listeners.ts';
import { type House, openHouse } from '../http/house.ts';
import { type RecordingUpstream, startRecordingUpstream } from './recording-upstream.ts';

const live = { environment: 'live', cost: 1 } as const;

export const ROUTES: Profile['routes'] = [
  { ...live, methods: ['GET'], path: '/v1/servers/**', permissions: ['servers:read'] },
  { ...live, methods: ['POST', 'PUT', 'DELETE'], path: '/v1/servers/**', permissions: ['servers:write'] },
  { ...live, methods: ['GET'], path: '/v1/admin/**', permissions: ['servers:destroy'] },
];

export interface GatewayHouse extends House {
  readonly port: number;
  readonly upstream: RecordingUpstream;
  /** A token for `servers:read` and `servers:write`. */
  readonly token: string;
}

/** A gateway on a listener of its own, over a real engine, in front of an upstream that records. */
export async function openGatewayHouse(
  options: Partial<GatewayOptions> = {},
  profile: Partial<Profile> = {},
  trust: Partial<House['parts']['trust']> = {},
  listening: Partial<Pick<ListenersOptions, 'timeouts'> & Pick<ListenerOptions, 'tls'>> = {},
): Promise<GatewayHouse> {
  const house = await openHouse({ ...keyhouse, routes: ROUTES, ...profile });
  const upstream = await startRecordingUpstream();
  const gateway = createGateway(
    { ...house.parts, trust: { ...house.parts.trust, ...trust } },
    {
      upstream: upstream.url,
      keyHeaders: [],
      forwardsToken: false,
      keepsHost: false,
      patience: { connectMs: 5_000, answerMs: 10_000, silentMs: 30_000 },
      ...options,
    },
  );
  const listeners = await startListeners({
    api: null,
    dashboard: null,
    operator: null,
    gateway: {
      host: '127.0.0.1',
      port: 0,
      tls: listening.tls ?? null,
      door: gateway.door,
      explainBroken: house.handler.explainBroken,
    },
    trustedProxies: null,
    onDraining: () => {},
    drainMs: 0,
    timeouts: listening.timeouts ?? {},
  });
  const { value: token } = await house.mint({ permissions: ['servers:read', 'servers:write'], tier: 'unlimited' });
  return {
    ...house,
    port: listeners.gateway?.port ?? 0,
    upstream,
    token,
    close: async () => {
      await listeners.close();
      gateway.close();
      await upstream.close();
      await house.close();
    },
  };
}
