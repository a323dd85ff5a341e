import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { IDENTITY_HEADERS } from '../../src/http/identity-headers.ts';
import { SIGNED_IDENTITY } from '../../src/http/signed-identity.ts';
import type { House } from '../http/house.ts';
import { exchange } from '../http/raw-socket.ts';
import { openKeyhouse, RECIPES } from './running-proxy.ts';

// biome-ignore lint/suspicious/noExplicitAny: recipes are looked into freely
type Filter = { readonly typed_config: any };
// biome-ignore lint/suspicious/noExplicitAny: recipes are looked into freely
const recipe = (file: string): any => parse(readFileSync(join(RECIPES, file), 'utf8'));

/** Traefik and Envoy as their documentation says they ask; they themselves are not started. */
describe('the documented requests of', () => {
  const closing: (() => Promise<unknown>)[] = [];
  let house: House;
  let port: number;
  let bearer: string;
  beforeAll(async () => {
    const opened = await openKeyhouse(closing);
    opened.signing.isOn = true;
    ({ house, port } = opened);
    bearer = `Authorization: Bearer ${(await house.mint()).value}`;
  });
  afterAll(async () => {
    for (const end of closing.reverse()) await end();
  });

  const ask = async (firstLine: string, ...lines: string[]) => {
    const text = [`${firstLine} HTTP/1.1`, 'Host: 127.0.0.1:8000', ...lines, 'Connection: close', '', ''].join('\r\n');
    const { statuses, text: answer } = await exchange(port, text);
    return { status: statuses[0], answer };
  };

  describe('Traefik', () => {
    const dynamic = recipe('traefik/dynamic.yml').http;
    const { address, authResponseHeaders, trustForwardHeader } = dynamic.middlewares.keyhouse.forwardAuth;
    const asTraefik = (method: string, uri: string, ...lines: string[]) =>
      ask(
        `GET ${new URL(address).pathname}`,
        ...[`X-Forwarded-Method: ${method}`, 'X-Forwarded-Proto: http', 'X-Forwarded-Host: api.example.com'],
        ...[`X-Forwarded-Uri: ${uri}`, 'X-Forwarded-For: 203.0.113.9', ...lines],
      );

    it('are answered with every header that its recipe copies, or with the refusal', async () => {
      const passed = await asTraefik('GET', '/v1/servers?page=2', bearer, 'Keyhouse-Owner: forged');
      expect(passed.status).toBe(200);
      for (const field of authResponseHeaders) expect(passed.answer).toMatch(new RegExp(`^${field}: `, 'im'));
      expect(passed.answer).not.toContain('forged');
      expect((await asTraefik('POST', '/v1/servers', bearer)).status).toBe(403);
      expect((await asTraefik('GET', '/v1/servers/../admin', bearer)).status).toBe(403);
      expect((await asTraefik('GET', '/v1/servers')).status).toBe(401);
    });

    it('are those of the recipe, which believes no client', async () => {
      expect(authResponseHeaders).toEqual([...IDENTITY_HEADERS, SIGNED_IDENTITY]);
      expect(trustForwardHeader).toBe(false);
      expect(dynamic.routers.api.middlewares).toEqual(['strip-claims', 'keyhouse', 'strip-token']);
      const stripped = Object.keys(dynamic.middlewares['strip-claims'].headers.customRequestHeaders);
      for (const field of [...IDENTITY_HEADERS, SIGNED_IDENTITY]) {
        expect(stripped).toContain(field.replaceAll('-', '_'));
        expect(stripped).toContain(field.replaceAll('-', '.'));
      }
      expect(dynamic.routers.preflight.priority).toBeGreaterThan(dynamic.routers.api.priority);
      const { path } = dynamic.middlewares['preflight-path'].replacePath;
      const preflight = await ask(
        `OPTIONS ${path}`,
        ...['Origin: https://app.example.com', 'Access-Control-Request-Method: GET', 'X-Replaced-Path: /v1/servers'],
      );
      expect(preflight.status).toBe(204);
    });
  });

  describe('Envoy', () => {
    const manager = recipe('envoy/envoy.yaml').static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
    const [mutation, authz] = manager.http_filters.map(({ typed_config }: Filter) => typed_config);
    const asEnvoy = (method: string, path: string, ...lines: string[]) =>
      ask(
        `${method} ${authz.http_service.path_prefix}${path}`,
        ...['Content-Length: 0', 'X-Forwarded-For: 198.51.100.1, 203.0.113.9', ...lines],
      );

    it('are answered with every header that its recipe copies, or with the refusal', async () => {
      const passed = await asEnvoy('GET', '/v1/servers?page=2', bearer);
      expect(passed.status).toBe(200);
      for (const { exact } of authz.http_service.authorization_response.allowed_upstream_headers.patterns) {
        expect(passed.answer).toMatch(new RegExp(`^${exact}: `, 'im'));
      }
      expect((await asEnvoy('POST', '/v1/servers', bearer)).status).toBe(403);
      expect((await asEnvoy('GET', '/v1/servers/%2e%2e/admin', bearer)).status).toBe(403);
      expect((await asEnvoy('GET', '/v1/servers', 'X-Forwarded-Method: GET')).status).toBe(401);
      expect((await asEnvoy('GET', '/v1/servers', bearer.replace(/$/, `,${bearer.slice(15)}`))).status).toBe(400);
      const asked = ['Origin: https://app.example.com', 'Access-Control-Request-Method: GET'];
      expect((await asEnvoy('OPTIONS', '/v1/servers', ...asked)).status).toBe(204);
    });

    it('are those of the recipe, which fails closed and believes no client', () => {
      const { failure_mode_allow, http_service, allowed_headers } = authz;
      expect(failure_mode_allow).toBe(false);
      expect(http_service.server_uri.timeout).toBe('2s');
      const names = (list: { readonly patterns: readonly { readonly exact: string }[] }) =>
        list.patterns.map(({ exact }) => exact);
      expect(names(http_service.authorization_response.allowed_upstream_headers)).toEqual(
        [...IDENTITY_HEADERS, SIGNED_IDENTITY].map((field) => field.toLowerCase()),
      );
      expect(names(allowed_headers)).toEqual(expect.arrayContaining(['x-forwarded-for', 'origin']));
      expect(manager.common_http_protocol_options.headers_with_underscores_action).toBe('REJECT_REQUEST');
      const removed: string[] = manager.route_config.virtual_hosts[0].request_headers_to_remove;
      expect(removed).toContain('authorization');
      for (const field of [...IDENTITY_HEADERS, SIGNED_IDENTITY]) {
        expect(removed).toContain(field.toLowerCase().replace('-', '.'));
        // What Keyhouse said is not removed after it was asked.
        expect(removed).not.toContain(field.toLowerCase());
      }
      expect(mutation.mutations.request_mutations).toEqual([{ remove: SIGNED_IDENTITY.toLowerCase() }]);
    });
  });
});
