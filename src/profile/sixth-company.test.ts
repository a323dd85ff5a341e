import { describe, expect, it } from 'vitest';
import { covers, DENIAL_REASONS } from '../policy/index.ts';
import { generateToken, readShape, systemRandom } from '../token/index.ts';
import {
  cataloguePermissions,
  checkProfile,
  compileLevels,
  knowsPermission,
  type Profile,
  renderDenial,
  renderRejection,
  windowsOf,
} from './index.ts';
import { SIXTH_COMPANY } from './sixth-company.fixture.ts';

function sixthCompany(): Profile {
  const { profile, problems } = checkProfile(SIXTH_COMPANY);
  if (profile === null) throw new Error(JSON.stringify(problems));
  return profile;
}

describe('a sixth company is only a file', () => {
  const profile = sixthCompany();
  const { rate_limited: limited } = profile.errors.denials;

  it('has nothing odd about it', () => {
    expect(checkProfile(SIXTH_COMPANY).warnings).toEqual([]);
  });

  it('gets a token format without an environment', () => {
    const token = generateToken(profile.token, 'token', null, systemRandom);
    expect(token).toMatch(/^lagerhaus_[0-9A-Za-z]{32}$/);
    expect(readShape(token, profile.token)).toEqual({ is: 'ours', kind: 'token', environment: null });
  });

  it('gets its levels, each covering the one before', () => {
    const levels = compileLevels(profile);
    const may = (level: 'read' | 'write' | 'admin') =>
      cataloguePermissions(profile)?.filter((permission) => {
        const set = levels.get(level);
        return set !== undefined && covers(set, permission);
      });
    expect(may('read')).toEqual(['pallets:read']);
    expect(may('write')).toEqual(['pallets:read', 'pallets:write']);
    expect(may('admin')).toEqual(['pallets:read', 'pallets:write', 'people:write']);
    expect(knowsPermission(profile, 'people:*')).toBe(true);
    expect(knowsPermission(profile, 'people:read')).toBe(false);
  });

  it('gets three windows, one of them a second', () => {
    expect(windowsOf(profile, { by: 'tier', tier: 'forklift' })).toHaveLength(3);
  });

  it('says 401 for malformed credentials, in its own words, with the help in the body and in the header', () => {
    const help = 'The header has the word "Bearer" twice.';
    expect(renderDenial(profile, { reason: 'invalid_request', help, requestId: 'req_1' })).toEqual({
      status: 401,
      headers: {
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
        'X-Request-Id': 'req_1',
        'WWW-Authenticate':
          'Bearer realm="Lagerhaus API", error="invalid_request", ' +
          'error_description="The credentials of this request cannot be read. The header has the word \'Bearer\' twice."',
      },
      body: {
        fehler: 'Unauthorized',
        nummer: '101',
        text: 'Schlüssel nicht lesbar. The header has the word "Bearer" twice.',
        kontakt: { seite: 'https://hilfe.lagerhaus.example', post: 'hilfe@lagerhaus.example' },
      },
      message: 'Schlüssel nicht lesbar. The header has the word "Bearer" twice.',
    });
  });

  it('may say the same of an invalid and an expired token; the header still tells them apart', () => {
    const invalid = renderDenial(profile, { reason: 'invalid_token', requestId: 'req_1' });
    const expired = renderDenial(profile, { reason: 'token_expired', requestId: 'req_1' });
    expect(invalid.body).toEqual(expired.body);
    expect(invalid.headers['WWW-Authenticate']).toContain('is not valid.');
    expect(expired.headers['WWW-Authenticate']).toContain('has expired.');
  });

  it('never lets its umlauts into a header', () => {
    for (const reason of DENIAL_REASONS) {
      const { headers } = renderDenial(profile, { reason, help: 'Prüfen Sie den Schlüssel.', requestId: 'req_1' });
      for (const value of Object.values(headers)) expect(value).toMatch(/^[\x20-\x7e]*$/);
    }
  });

  it('drops the waiting time from the sentence when no waiting helps', () => {
    const body = (retryAfterSeconds: number | null) =>
      renderDenial(profile, { reason: 'rate_limited', retryAfterSeconds, requestId: 'r' }).body;
    expect(body(17)).toMatchObject({ nummer: limited.code, text: 'Zu viele Anfragen. Weiter in 17 s.' });
    expect(body(null)).toMatchObject({ text: 'Zu viele Anfragen.' });
  });

  it('carries what is wrong with an input in the sentence, because its body has no place for a list', () => {
    const { body } = renderRejection(profile, {
      code: 'invalid_input',
      status: 400,
      title: 'Invalid input',
      message: 'The request cannot be used.',
      errors: [
        { path: 'bezeichnung', message: 'This is missing.' },
        { path: '', message: 'An object is needed.' },
      ],
      requestId: 'req_1',
    });
    expect(body).toMatchObject({
      nummer: 'invalid_input',
      text: 'The request cannot be used. bezeichnung: This is missing. An object is needed.',
    });
  });
});
