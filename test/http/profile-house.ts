/**
 * A company of any profile on our own listener: its API behind route rules, Keyhouse's operations beside it, asked byte by
 * byte. Prevents that a profile is only ever shown by rendering, with nothing in between that could say it differently.
 */
import { createAuthenticate } from '../../src/http/authenticate-request.ts';
import type { Answer, DoorRequest } from '../../src/http/door.ts';
import {
  createServiceAccount,
  createToken,
  localCaller,
  type Operation,
  perform,
  putOwner,
  signedInCaller,
} from '../../src/manage/index.ts';
import type { DenialReason } from '../../src/policy/index.ts';
import { checkProfile, type DenialToRender, type Profile, presets, renderDenial } from '../../src/profile/index.ts';
import { SIXTH_COMPANY } from '../../src/profile/sixth-company.fixture.ts';
import { type Listeners, startListeners } from '../../src/server/listeners.ts';
import { type House, openHouse } from './house.ts';
import { exchange, requestText } from './raw-socket.ts';

/** Every profile that comes with Keyhouse, and one that does not. */
export const EVERY_PROFILE: readonly Profile[] = [...Object.values(presets), sixthCompany()];

function sixthCompany(): Profile {
  const { profile, problems } = checkProfile(SIXTH_COMPANY);
  if (profile === null) throw new Error(JSON.stringify(problems));
  return profile;
}

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case; of several lines of one name the values are joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  readonly json: any;
}

export interface Minted {
  readonly id: string;
  readonly value: string;
  /** Its owner's name with the provider. */
  readonly owner: string;
}

export interface ProfileHouse {
  readonly house: House;
  readonly profile: Profile;
  /** The permission that `GET /behind/guarded` needs; `GET /behind/open` takes any valid token. */
  readonly guard: string;
  /** Two permissions of the catalogue, the guard first. */
  readonly permissions: readonly [guard: string, other: string];
  /** Sends one request of these lines, as they are, a second after the one before: limits are never in the way by chance. */
  send(firstLine: string, lines?: readonly string[], body?: string): Promise<RawAnswer>;
  /** A JSON request. */
  call(method: string, path: string, token: string | null, body?: unknown): Promise<RawAnswer>;
  /** The same on the token routes of an application that has signed this owner in; the path is what follows theirs. */
  callSignedIn(owner: string, method: string, path: string, body?: unknown): Promise<RawAnswer>;
  /** A token of a new owner in a workspace of its own, who may do everything outside Keyhouse. */
  mint(input?: Readonly<Record<string, unknown>>): Promise<Minted>;
  /** Tells what an owner may do from now on. */
  tell(owner: string, permissions: readonly string[]): Promise<void>;
  /** A token that manages Keyhouse. */
  manager(): Promise<string>;
  /** A token that manages the tokens of this owner's workspace and reaches no other. */
  managerOf(owner: string): Promise<string>;
  close(): Promise<void>;
}

interface Made {
  readonly id: string;
  readonly value: string;
  readonly owner: { readonly id: string };
  readonly workspace: { readonly id: string };
}

const AS_SEEDED = { ip: null, requestId: 'req_seed', idempotencyKey: null };

export async function openProfileHouse(given: Profile): Promise<ProfileHouse> {
  const all =
    given.catalogue === 'open' ? ['servers:read', 'servers:write'] : given.catalogue.map((one) => one.permission);
  const permissions = [all[0] as string, all[1] as string] as const;
  const [guard] = permissions;
  const rule = { methods: ['GET'], environment: 'live', cost: 1 } as const;
  const profile: Profile = {
    ...given,
    routes: [
      { ...rule, path: '/behind/guarded', permissions: [guard] },
      { ...rule, path: '/behind/open', permissions: [] },
    ],
  };
  const house = await openHouse(profile);
  const authenticate = createAuthenticate(house.parts);
  const behind = async ({ rawHeaders, target, method, peer }: DoorRequest): Promise<Answer> => {
    const result = await authenticate({ rawHeaders, url: target, method, ip: peer }, { byRoute: true });
    if (result.allowed) return { status: 200, headers: { ...result.headers }, body: '{"ok":true}' };
    const { status, headers, body } = result.response;
    return { status, headers, body: JSON.stringify(body) };
  };
  const signedIn = new Map<string, Parameters<typeof signedInCaller>[0]>();
  const listeners: Listeners = await startListeners({
    api: {
      host: '127.0.0.1',
      port: 0,
      tls: null,
      answer: (request, callerOf) => {
        if (request.target.startsWith('/behind/')) return behind(request);
        const [, owner, target = ''] = /^\/signed-in\/([\w-]+)(.*)$/.exec(request.target) ?? [];
        const self = owner === undefined ? undefined : signedIn.get(owner);
        if (self === undefined) return house.handler.answer(request, callerOf);
        return house.handler.answerTokens({ ...request, target }, (circumstances) =>
          signedInCaller(self, circumstances),
        );
      },
    },
    dashboard: null,
    operator: null,
    trustedProxies: null,
    onDraining: () => {},
  });
  const port = listeners.api?.port as number;
  const asHost = <Output>(operation: { readonly id: string }, input: unknown): Promise<Output> =>
    perform(operation as Operation<unknown, Output>, house.engine, localCaller('host', AS_SEEDED), input);
  const tell: ProfileHouse['tell'] = async (owner, may) => {
    await asHost(putOwner, { external_id: owner, workspace: { external_id: `org-of-${owner}` }, permissions: may });
  };
  const send: ProfileHouse['send'] = async (firstLine, lines = [], body = '') => {
    house.time.now += 1_000;
    const text = requestText(firstLine, ['Connection: close', ...lines], body);
    return readAnswer((await exchange(port, Buffer.from(text, 'latin1'))).text);
  };
  const call: ProfileHouse['call'] = (method, path, token, body) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const lines = [
      ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
      ...(text === '' ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]),
    ];
    return send(`${method} ${path} HTTP/1.1`, lines, Buffer.from(text).toString('latin1'));
  };
  let owners = 0;
  return {
    house,
    profile,
    guard,
    permissions,
    send,
    call,
    callSignedIn: (owner, method, path, body) => call(method, `/signed-in/${owner}${path}`, null, body),
    async mint(input = {}) {
      owners += 1;
      const owner = `user-${owners}-of-many`;
      await tell(owner, all);
      const asked = { name: 'test', owner: { external_id: owner }, ...fullGrant(profile, all), ...input };
      const made = await asHost<Made>(createToken, asked);
      const { id, value } = made;
      const [ownerId, workspaceId] = [made.owner.id, made.workspace.id];
      signedIn.set(owner, { ownerId, workspaceId, actor: { kind: 'external', id: ownerId } });
      return { id, value, owner };
    },
    tell,
    async manager() {
      const management = ['keyhouse-tokens:*', 'keyhouse-owners:*', 'keyhouse-users:*'];
      const asked = { name: 'manager', owner: { external_id: 'admin-1' }, permissions: management };
      return (await asHost<{ value: string }>(createToken, asked)).value;
    },
    async managerOf(owner) {
      const permissions = ['keyhouse-tokens:*'];
      const workspace = { external_id: `org-of-${owner}` };
      const { id } = await asHost<{ id: string }>(createServiceAccount, { name: 'ops', workspace, permissions });
      return (await asHost<{ value: string }>(createToken, { name: 'ops', owner: { id }, permissions })).value;
    },
    async close() {
      await listeners.close();
      await house.close();
    },
  };
}

/** The most that a token may ask for, in a way that the profile has. */
function fullGrant({ grants }: Profile, all: readonly string[]): Readonly<Record<string, unknown>> {
  if (grants.includes('permissions')) return { permissions: all };
  return grants.includes('level') ? { level: 'admin' } : { inherit: true };
}

function readAnswer(latin1: string): RawAnswer {
  const [head = '', ...rest] = latin1.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  const body = Buffer.from(rest.join('\r\n\r\n'), 'latin1').toString('utf8');
  const isJson = /json/.test(headers['content-type'] ?? '') && body !== '';
  return { status: Number(first.split(' ')[1]), headers, body, json: isJson ? JSON.parse(body) : null };
}

/** What the profile says to this denial: the whole answer as a client has it, but for what every answer of the listener has. */
export function saying(profile: Profile, answer: RawAnswer, reason: DenialReason, told: Partial<DenialToRender> = {}) {
  const requestId = answer.headers['x-request-id'] ?? 'none was sent';
  const { status, headers, body } = renderDenial(profile, { reason, ...told, requestId });
  return {
    status,
    contentType: headers['Content-Type'],
    challenge: headers['WWW-Authenticate'],
    retryAfter: headers['Retry-After'],
    cacheControl: 'no-store',
    body: JSON.stringify(body),
  };
}

export function said({ status, headers, body }: RawAnswer) {
  return {
    status,
    contentType: headers['content-type'],
    challenge: headers['www-authenticate'],
    retryAfter: headers['retry-after'],
    cacheControl: headers['cache-control'],
    body,
  };
}
