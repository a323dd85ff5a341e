import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../http/openapi/document.ts';
import { deployerp } from '../profile/index.ts';
import { type Ask, replyOf } from './client.ts';
import { readDialect } from './dialect.ts';

function answering(answers: Readonly<Record<string, { status: number; body: unknown }>>) {
  return async ({ path }: Ask) => {
    const { status, body } = answers[path] ?? { status: 404, body: {} };
    return replyOf(status, JSON.stringify(body), null);
  };
}

describe('readDialect', () => {
  it('takes paths, words and field names from the profile in force', async () => {
    const dialect = await readDialect(answering({ '/v1/profile': { status: 200, body: { profile: deployerp } } }));
    expect(dialect).toMatchObject({ tokensPath: '/v1/api-keys', token: 'API key', tokens: 'API keys' });
    expect(dialect.ours({ data: [{ id: 'key_1', ip_whitelist: ['203.0.113.7'] }] })).toEqual({
      data: [{ id: 'key_1', ip_allowlist: ['203.0.113.7'] }],
    });
    expect(dialect.ours({ owner: { ip_whitelist: 1 } })).toEqual({ owner: { ip_whitelist: 1 } });
  });

  it('takes path and field names from the API description where the profile may not be read, and else the usual ones', async () => {
    const body = openApiDocument({ profile: deployerp, routes: [], version: '1', prefix: '' });
    const described = await readDialect(answering({ '/openapi.json': { status: 200, body } }));
    expect(described).toMatchObject({ tokensPath: '/v1/api-keys', token: 'token' });
    expect(described.ours({ ip_whitelist: null })).toEqual({ ip_allowlist: null });
    expect(await readDialect(answering({}))).toMatchObject({ tokensPath: '/v1/tokens' });
  });
});
