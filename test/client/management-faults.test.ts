/**
 * The management client where answers do not come, or come from somebody else. Prevents a change that is made twice, a call
 * that never ends, and a token that leaves for another address or into a log.
 */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { KeyhouseError, type ManagementOptions, management } from '../../client/src/management/index.ts';
import { listen, stop } from './open-authority.ts';

const TOKEN = 'kh_live_credential-of-the-caller';
const PLACES = { tokensPath: '/v1/tokens', fieldNames: {} };

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(listener: RequestListener): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    request.resume().on('end', () => listener(request, response));
  });
  closers.push(() => stop(server));
  return { url: await listen(server), requests };
}

/** Answers with these in turn, and with the last one from then on. */
function inTurn(...listeners: RequestListener[]): RequestListener {
  let next = 0;
  return (request, response) => listeners[Math.min(next++, listeners.length - 1)]?.(request, response);
}

const says =
  (status: number, body: unknown = {}, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const cut: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-length': '1000' }).write('{', () => response.destroy());
};
const OUT = says(503, { code: 'storage_busy', detail: 'Later.' });

const client = (url: string, options: Partial<ManagementOptions> = {}) =>
  management({ url, token: TOKEN, ...PLACES, ...options });

async function failure(call: Promise<unknown>): Promise<KeyhouseError> {
  const error = await call.then(
    () => new Error('the call was answered'),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(KeyhouseError);
  expect([error.stack, error.message, JSON.stringify(error)].join()).not.toContain(TOKEN);
  return error;
}

describe('a call is tried again', () => {
  it.each<[string, RequestListener]>([
    ['an outage', OUT],
    ['a gateway without its server', says(502)],
    ['a connection that breaks', cut],
  ])('after %s, where twice is the same as once', async (_, fault) => {
    const keyhouse = (url: string) => client(url, { timeoutMs: 20_000 });
    const get = await serve(inTurn(fault, fault, says(200, { id: 'tok_1' })));
    expect(await keyhouse(get.url).tokens.read({ id: 'tok_1' })).toEqual({ id: 'tok_1' });
    const put = await serve(inTurn(fault, says(200, { id: 'own_1' })));
    expect(await keyhouse(put.url).owners.put({ external_id: 'user-42' })).toEqual({ id: 'own_1' });
    const post = await serve(inTurn(fault, says(201, { id: 'tok_2' })));
    const made = keyhouse(post.url).tokens.create({ name: 'ci' }, { idempotencyKey: 'once' });
    expect(await made).toEqual({ id: 'tok_2' });
    expect(post.requests.map(({ headers }) => headers['idempotency-key'])).toEqual(['once', 'once']);
  });

  it.each<[string, RequestListener, string]>([
    ['an outage', OUT, 'storage_busy'],
    ['a connection that breaks', cut, 'no_answer'],
  ])('not after %s, where it could be done twice', async (_, fault, code) => {
    const { url, requests } = await serve(inTurn(fault, says(201, { id: 'tok_2' })));
    expect(await failure(client(url).tokens.create({ name: 'ci' }))).toMatchObject({ code });
    expect(await failure(client((await serve(fault)).url).users.update({ id: 'usr_1', name: 'Ada' }))).toMatchObject({
      code,
    });
    expect(requests).toHaveLength(1);
  });

  it('twice at most', async () => {
    const { url, requests } = await serve(OUT);
    const error = await failure(client(url).audit.list());
    expect(error).toMatchObject({ status: 503, code: 'storage_busy', message: 'Later.' });
    expect(requests).toHaveLength(3);
  });

  it('when a limit opens in time, since what is over a limit was not done', async () => {
    const limited = says(429, { code: 'rate_limited' }, { 'retry-after': '0' });
    const { url, requests } = await serve(inTurn(limited, says(201, { id: 'tok_2' })));
    expect(await client(url).tokens.create({ name: 'ci' })).toEqual({ id: 'tok_2' });
    expect(requests).toHaveLength(2);
    const later = await serve(says(429, { code: 'rate_limited' }, { 'retry-after': '60' }));
    expect(await failure(client(later.url).auth.test())).toMatchObject({ status: 429, retryAfterSeconds: 60 });
    expect(later.requests).toHaveLength(1);
  });

  it('when nobody was there to take it', async () => {
    const { url } = await serve(says(201, { id: 'tok_2' }));
    const server = createServer();
    const nobody = await listen(server);
    stop(server);
    let times = 0;
    const lost: ManagementOptions['fetch'] = (asked, init) => {
      times += 1;
      return fetch(times < 3 ? asked : asked.replace(nobody, url), init);
    };
    expect(await client(nobody, { fetch: lost }).tokens.create({ name: 'ci' })).toEqual({ id: 'tok_2' });
    const error = await failure(client(nobody).tokens.create({ name: 'ci' }));
    expect(error).toMatchObject({ status: null, code: 'not_reached' });
    expect(error.message).toBe('The server cannot be reached (ECONNREFUSED).');
  });
});

describe('a call ends', () => {
  it.each<[string, RequestListener]>([
    ['nothing', () => {}],
    ['a part of its answer', (_, response) => void response.writeHead(200).write('{')],
  ])('in its time where the server says %s, and tells what is not known', async (_, listener) => {
    const { url, requests } = await serve(listener);
    const keyhouse = client(url, { timeoutMs: 200 });
    const change = await failure(keyhouse.tokens.revoke({ id: 'tok_1' }));
    expect(change).toMatchObject({ code: 'timed_out', status: null });
    expect(change.message).toMatch(/within 200 ms\. Whether it was done is not known/);
    const read = await failure(keyhouse.tokens.read({ id: 'tok_1' }, { timeoutMs: 100 }));
    expect(read.message).toBe('There was no answer within 100 ms.');
    expect(requests).toHaveLength(2);
  });

  it('when its caller says so, with the reason of the caller', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200).write('{');
      ending.abort(new Error('the page was left'));
    });
    const ending = new AbortController();
    await expect(client(url).tokens.list({}, { signal: ending.signal })).rejects.toThrow('the page was left');
    await expect(client(url).tokens.list({}, { signal: ending.signal })).rejects.toThrow('the page was left');
  });
});

describe('the token', () => {
  it('is not sent on where an answer is a redirect', async () => {
    const elsewhere = await serve(says(200));
    for (const status of [301, 302, 307, 308]) {
      const { url } = await serve(says(status, {}, { location: `${elsewhere.url}/v1/roles` }));
      expect(await failure(client(url).roles.list())).toMatchObject({ status, code: 'redirected' });
    }
    expect(elsewhere.requests).toEqual([]);
  });

  it('stands in no error, whatever a server or a fetch of another kind makes of it', async () => {
    const { url } = await serve((request, response) => {
      const said = `You sent ${request.headers.authorization}`;
      says(500, { code: said, detail: said, errors: [{ path: said, message: said }] })(request, response);
    });
    expect((await failure(client(url).roles.list())).message).toBe('You sent Bearer …');
    const telling: ManagementOptions['fetch'] = async (_, init) => {
      throw new TypeError(`bad header ${JSON.stringify(init.headers)}`);
    };
    const error = await failure(client(url, { fetch: telling }).roles.create({ name: 'a', permissions: [] }));
    expect(error.message).toBe(
      'The connection broke before the answer came (no reason given). Whether it was done is not known: look before you repeat it.',
    );
  });

  it('is asked for before every call, where it is a function', async () => {
    const { url, requests } = await serve(says(200, { data: [], next_cursor: null }));
    const tokens = ['first', 'second', 'two\nlines'];
    const keyhouse = client(url, { token: () => tokens.shift() ?? '' });
    await keyhouse.roles.list();
    await keyhouse.roles.list();
    await expect(keyhouse.roles.list()).rejects.toThrow(TypeError);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
  });
});

describe('what is not Keyhouse', () => {
  it.each<[string, RequestListener]>([
    ['a page', (_, response) => void response.writeHead(200).end('<html>welcome</html>')],
    ['nothing', says(204, undefined)],
    ['a text', says(200, 'ok')],
  ])('%s is no answer', async (_, listener) => {
    const { url } = await serve(listener);
    expect(await failure(client(url).roles.list())).toMatchObject({ code: 'unreadable_answer' });
  });

  it.each([{}, { tokens_path: '.example.com/v1', field_names: {} }, { tokens_path: '/v1/tokens' }])(
    'gets no token for saying that tokens are elsewhere: %j',
    async (said) => {
      const { url, requests } = await serve(says(200, { openapi: '3.1.0', 'x-keyhouse': said }));
      expect(await failure(management({ url, token: TOKEN }).tokens.list())).toMatchObject({
        code: 'unreadable_answer',
      });
      expect(requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    },
  );

  it('is told where its description is asked for, and asked again by the next call', async () => {
    const { url, requests } = await serve(inTurn(says(404, { detail: 'No such page.' }), says(200, {}), OUT));
    const keyhouse = management({ url, token: TOKEN });
    expect((await failure(keyhouse.tokens.list())).message).toMatch(/openapi\.json.*No such page.*or tokensPath and/);
    expect(await failure(keyhouse.tokens.list())).toMatchObject({ code: 'unreadable_answer' });
    expect(requests.map(({ url: path, headers }) => [path, headers.authorization])).toEqual([
      ['/openapi.json', undefined],
      ['/openapi.json', undefined],
    ]);
  });
});

describe('options that cannot work', () => {
  it.each<[string, Partial<ManagementOptions>]>([
    ['no address', { url: 'keyhouse' }],
    ['another protocol', { url: 'ftp://a.example' }],
    ['a password in the address', { url: 'https://me:secret-word@a.example' }],
    ['a token of two lines', { token: 'secret-word\n' }],
    ['no token', { token: '' }],
    ['no time', { timeoutMs: 0 }],
    ['a relative path', { tokensPath: 'v1/tokens' }],
  ])('%s: are told at once, without what is secret', (_, options) => {
    const make = () => management({ url: 'http://127.0.0.1:1', token: TOKEN, ...options });
    expect(make).toThrow(TypeError);
    expect(make).not.toThrow(/secret-word/);
  });
});
