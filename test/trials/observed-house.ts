import { createHttpHandler } from '../../src/http/app.ts';
import { doorEngine } from '../../src/http/door-engine.ts';
import type { Profile } from '../../src/profile/index.ts';
import { becomeAdmin, externalToken } from '../../src/testing/cast.ts';
import { type TestEngine, testEngine } from '../../src/testing/engine.ts';
import { doorRequest } from '../http/house.ts';

interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  readonly json: any;
}

/** A house with its HTTP door, an administrator, and callers whose requests are verified over it. */
export interface ObservedHouse {
  readonly house: TestEngine;
  api(method: string, target: string, body?: unknown, token?: string): Promise<Answered>;
  /** Begins a trial; it must be accepted. */
  observe(subject: object, change: object, more?: object): Promise<Answered['json']>;
  /** A token of an owner in org-7 who may do this. */
  caller(externalId: string, may: readonly string[], token?: object): Promise<{ id: string; value: string }>;
  /** What a door is told about a request with this token. */
  verify(token: string, question: object): Promise<Answered['json']>;
  /** Name of the token, reason and what it is about, sorted. */
  broken(trialId: string): Promise<string[]>;
  close(): Promise<void>;
}

export async function openObservedHouse(databaseUrl: string | null, profile?: Profile): Promise<ObservedHouse> {
  const house = await testEngine({ databaseUrl, ...(profile !== undefined && { profile }) });
  const handler = createHttpHandler({
    engine: doorEngine(house.engine),
    trust: { trustedProxies: null, header: 'x-forwarded-for' },
    log: { fault: (error) => void house.faults.push(error), securityEvent: () => {} },
    metrics: null,
    readiness: async () => ({ store: 'ok', draining: false }),
    environments: ['live'],
    prefix: '',
    serves: () => true,
    version: '0.0.0',
  });
  const admin = (await becomeAdmin(house)).token as string;
  const api: ObservedHouse['api'] = async (method, target, body, token = admin) => {
    const answer = await handler.answer(doorRequest({ method, target, token, ...(body !== undefined && { body }) }));
    return { status: answer.status, json: JSON.parse(String(answer.body)) };
  };
  const expected = async (answer: Promise<Answered>) => {
    const { status, json } = await answer;
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(json)}`);
    return json;
  };
  return {
    house,
    api,
    observe: (subject, change, more = {}) => expected(api('POST', '/v1/trials', { subject, change, ...more })),
    async caller(externalId, may, token = {}) {
      const made = await externalToken(house, { externalId, workspace: 'org-7', may, token: { ...token } });
      return { id: made.token.id, value: made.value };
    },
    verify: (token, question) => expected(api('POST', '/v1/tokens/verify', { token, ...question })),
    async broken(trialId) {
      const { findings } = await expected(api('GET', `/v1/trials/${trialId}`));
      return (findings as Finding[])
        .map(({ token, reason, missing, address, window, route, count }) =>
          [token.name, reason, ...missing, address, window, route, `×${count}`].filter((one) => one !== null).join(' '),
        )
        .sort();
    },
    close: () => house.close(),
  };
}

interface Finding {
  readonly token: { readonly name: string };
  readonly reason: string;
  readonly missing: readonly string[];
  readonly address: string | null;
  readonly window: string | null;
  readonly route: string | null;
  readonly count: number;
}
