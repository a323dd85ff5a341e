import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERY_PROFILE, openProfileHouse, type ProfileHouse, said, saying } from './profile-house.ts';

const ORIGIN = 'https://page.example';

describe.each(EVERY_PROFILE.map((profile) => [profile.name, profile] as const))('%s', (_name, given) => {
  const { tokens } = given.paths;
  let at: ProfileHouse;
  let token: string;
  let bearer: readonly string[];
  beforeAll(async () => {
    at = await openProfileHouse(given);
    token = (await at.mint()).value;
    bearer = [`Authorization: Bearer ${token}`];
  });
  afterAll(() => at?.close());

  it('row 40: follows the method on the wire, whatever a header, a parameter or a body says', async () => {
    const { id, value } = await at.mint();
    const own = [`Authorization: Bearer ${value}`];
    for (const name of ['X-HTTP-Method-Override', 'X-Method-Override', 'X-HTTP-Method', '_method']) {
      const read = await at.send(`GET ${tokens}/${id} HTTP/1.1`, [...own, `${name}: DELETE`]);
      expect([read.status, read.json?.id]).toEqual([200, id]);
      const denied = await at.send('DELETE /behind/guarded HTTP/1.1', [...own, `${name}: GET`]);
      expect(said(denied)).toEqual(saying(at.profile, denied, 'no_matching_rule'));
    }
    const form = ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 14'];
    expect((await at.send(`POST ${tokens}/${id} HTTP/1.1`, [...own, ...form], '_method=DELETE')).status).toBe(405);
    expect((await at.send(`GET ${tokens}/${id}?_method=DELETE HTTP/1.1`, own)).status).toBe(400);
    expect((await at.send('GET /behind/guarded?_method=DELETE HTTP/1.1', own)).status).toBe(200);
  });

  it('row 40: answers a method that a path does not have with 405 and those it has, before any token is looked at', async () => {
    for (const [method, path, allow] of [
      ['TRACE', '/v1/auth/test', 'GET, HEAD, OPTIONS'],
      ['POST', '/v1/auth/test', 'GET, HEAD, OPTIONS'],
      ['PROPFIND', tokens, 'POST, GET, HEAD, OPTIONS'],
      ['PUT', `${tokens}/tok_x`, 'GET, HEAD, PATCH, DELETE, OPTIONS'],
      ['DELETE', `${tokens}/tok_x/rotate`, 'POST, OPTIONS'],
    ] as const) {
      for (const lines of [[], bearer]) {
        const answer = await at.send(`${method} ${path} HTTP/1.1`, lines);
        expect([answer.status, answer.headers.allow], `${method} ${path}`).toEqual([405, allow]);
        expect(answer.headers['content-type']).toBe(given.errors.contentType);
        expect(answer.headers).not.toHaveProperty('www-authenticate');
        expect(answer.body).toContain('This path does not answer that method.');
      }
    }
  });

  it('row 40: takes no method in lower case and none that nobody knows', async () => {
    for (const method of ['get', 'Get', 'NONSENSE']) {
      const { status } = await at.send(`${method} /v1/auth/test HTTP/1.1`, bearer);
      expect([400, 405], method).toContain(status);
    }
    const { status } = await at.send('TRACE /behind/guarded HTTP/1.1', bearer);
    expect(status).toBe(403);
  });

  it('row 40: HEAD is a GET without its body, judged and refused like one', async () => {
    const { owner, value } = await at.mint();
    for (const path of ['/v1/auth/test', '/behind/guarded', tokens]) {
      for (const lines of [[`Authorization: Bearer ${value}`], [], ['Authorization: Bearer']]) {
        const [get, head] = [
          await at.send(`GET ${path} HTTP/1.1`, lines),
          await at.send(`HEAD ${path} HTTP/1.1`, lines),
        ];
        expect([head.status, head.body]).toEqual([get.status, '']);
        for (const name of ['content-type', 'content-length', 'www-authenticate', 'cache-control']) {
          expect(head.headers[name], `${name} of ${path}`).toBe(get.headers[name]);
        }
      }
    }
    await at.tell(owner, []);
    expect((await at.send('HEAD /behind/guarded HTTP/1.1', [`Authorization: Bearer ${value}`])).status).toBe(403);
  });

  it('row 40: answers a preflight from the profile before authentication, and lets pages read why they are refused', async () => {
    const { origins } = given.cors;
    const asked = [`Origin: ${ORIGIN}`, 'Access-Control-Request-Method: GET'];
    const preflight = await at.send(`OPTIONS ${tokens} HTTP/1.1`, asked);
    expect([preflight.status, preflight.headers.allow]).toEqual([204, 'POST, GET, HEAD, OPTIONS']);
    expect(preflight.headers['access-control-allow-origin']).toBe(origins === '*' ? '*' : undefined);
    expect(preflight.headers['access-control-allow-headers'] !== undefined).toBe(origins === '*');
    const refused = await at.send(`GET ${tokens} HTTP/1.1`, [`Origin: ${ORIGIN}`]);
    expect(said(refused)).toEqual(saying(at.profile, refused, 'authentication_required'));
    expect(refused.headers['access-control-allow-origin']).toBe(origins === '*' ? '*' : undefined);
    expect(refused.headers).not.toHaveProperty('access-control-allow-credentials');
    if (origins === '*' || origins.length === 0) return;
    const [own] = origins;
    const allowed = await at.send(`OPTIONS ${tokens} HTTP/1.1`, [`Origin: ${own}`, ...asked.slice(1)]);
    expect(allowed.headers['access-control-allow-origin']).toBe(own);
    const readable = await at.send(`GET ${tokens} HTTP/1.1`, [`Origin: ${own}`]);
    expect([readable.status, readable.headers['access-control-allow-origin']]).toEqual([401, own]);
    expect(readable.headers['access-control-expose-headers']).toContain('WWW-Authenticate');
  });

  it('row 40: a preflight opens nothing: no method travels in it', async () => {
    const lines = [...bearer, `Origin: ${ORIGIN}`, 'Access-Control-Request-Method: DELETE'];
    const { id } = await at.mint();
    const answer = await at.send(`OPTIONS ${tokens}/${id} HTTP/1.1`, lines);
    expect([answer.status, answer.body]).toEqual([204, '']);
  });
});
