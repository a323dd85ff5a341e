import type { IncomingMessage } from 'node:http';
import { createAuthenticate, createHttpHandler, type DoorRequest, doorEngine } from '../../src/http/index.ts';
import { parseIpAllowlist } from '../../src/policy/index.ts';
import { type Contender, measure } from '../measure.ts';
import type { Row } from '../row.ts';
import { ADDRESS, openSeeded, questionFor, type SeededFolder } from '../seeded-engine.ts';
import { round } from './cached-decision.ts';

/** What the doors add to a decision before a byte is sent: the part of a request over HTTP that is ours and not Node's. */
export async function withoutSockets({ dataDir, tokens, verifier }: SeededFolder): Promise<Row[]> {
  const opened = await openSeeded(dataDir);
  const engine = doorEngine(opened.engine);
  const proxies = parseIpAllowlist(['127.0.0.0/8']);
  if (!proxies.ok) throw new TypeError('the address list does not parse');
  const parts = {
    engine,
    trust: { trustedProxies: null, header: 'x-forwarded-for' },
    log: { fault: console.error, securityEvent: () => {} },
    metrics: null,
  };
  const open = {
    readiness: opened.readiness,
    environments: ['live'],
    prefix: '',
    version: '',
    serves: () => true,
  } as const;
  const api = createHttpHandler({ ...parts, ...open });
  const behindProxy = createHttpHandler({
    ...parts,
    ...open,
    trust: { trustedProxies: proxies.list, header: 'x-forwarded-for' },
    forwardAuth: { method: 'x-forwarded-method', uri: 'x-forwarded-uri' },
  });
  const authenticate = createAuthenticate(parts);
  const needs = { permission: 'servers:read' };
  const testing = tokens.map((token) => requestOf('/v1/auth/test', token));
  const asking = tokens.map((token) => requestOf('/forward-auth/needs/servers:read', token, FORWARDED));
  const verifying = tokens.map((token) => verifyRequest(verifier, token));
  const serving = tokens.map((token) => incomingOf(requestOf('/v1/servers', token)));
  const questions = tokens.map(questionFor);
  try {
    const [decision, ...doors] = await measure(
      [
        inTurn('a decision', questions, (question) => opened.engine.authenticator.decide(question)),
        inTurn('GET /v1/auth/test', testing, (request) => api.answer(request)),
        inTurn('/forward-auth', asking, (request) => behindProxy.answer(request)),
        inTurn('POST /v1/tokens/verify', verifying, (request) => api.answer(request)),
        inTurn('authenticate, as middlewares call it', serving, (request) => authenticate(request, needs)),
      ],
      { perRound: 2_000 },
    );
    if (decision === undefined) throw new Error('nothing was measured');
    return doors.map(({ name, ns, bestNs }) => ({
      work: `${name}, without a socket`,
      yardstick: 'a cached decision',
      target: 'reported',
      measured: `${(ns / decision.ns).toFixed(1)} × its cost`,
      isMet: null,
      figures: { door_ns: round(ns), best_round_ns: round(bestNs), decision_ns: round(decision.ns) },
    }));
  } finally {
    await opened.close();
  }
}

function inTurn<Asked>(name: string, all: readonly Asked[], ask: (one: Asked) => unknown): Contender {
  let at = 0;
  return {
    name,
    run: async (count) => {
      for (let done = 0; done < count; done++) {
        at = (at + 1) % all.length;
        const answer = ask(all[at] as Asked);
        if (answer instanceof Promise) await answer;
      }
    },
  };
}

const FORWARDED = ['X-Forwarded-For', ADDRESS, 'X-Forwarded-Method', 'GET', 'X-Forwarded-Uri', '/v1/servers'];

function requestOf(target: string, token: string, further: readonly string[] = []): DoorRequest {
  const rawHeaders = ['Host', '127.0.0.1:8000', 'Authorization', `Bearer ${token}`, ...further];
  return { method: 'GET', target, rawHeaders, peer: '127.0.0.1', body: null };
}

function verifyRequest(verifier: string, token: string): DoorRequest {
  const body = Buffer.from(JSON.stringify({ token, all_of: ['servers:read'], ip: ADDRESS }));
  const further = ['Content-Type', 'application/json', 'Content-Length', String(body.length)];
  return { ...requestOf('/v1/tokens/verify', verifier, further), method: 'POST', body: () => once(body) };
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

/** As much of Node's request as the check reads. */
function incomingOf({ method, target, rawHeaders, peer }: DoorRequest): IncomingMessage {
  return { method, url: target, rawHeaders, socket: { remoteAddress: peer } } as unknown as IncomingMessage;
}
