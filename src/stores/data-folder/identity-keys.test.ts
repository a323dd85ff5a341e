import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calculateJwkThumbprint, importJWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../../token/index.ts';
import { ensureIdentityKey, FolderRefused, IdentityKeys, rotateIdentityKey } from './index.ts';

const AT = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyhouse-identity-'));
  file = join(folder, 'identity-keys.json');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const kids = (keys: IdentityKeys) => keys.current().map(({ kid }) => kid);

describe('the keys of a secrets folder', () => {
  it('are none until one is needed, and then one for all that use the folder, for their user alone', async () => {
    const [here, there] = [new IdentityKeys(folder), new IdentityKeys(folder)];
    expect(here.current()).toEqual([]);
    ensureIdentityKey(folder, AT, systemRandom);
    ensureIdentityKey(folder, AT + 1, systemRandom);
    expect(readdirSync(folder)).toEqual(['identity-keys.json']);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    const [key, ...more] = here.current();
    expect(more).toEqual([]);
    expect(there.current()).toEqual([key]);
    const { x = '', d = '' } = key ?? {};
    const jwk = { kty: 'OKP', crv: 'Ed25519', x };
    expect(key).toMatchObject({ kid: await calculateJwkThumbprint(jwk), signsFrom: AT });
    expect(await importJWK({ ...jwk, d }, 'EdDSA')).toMatchObject({ type: 'private' });
  });

  it('are followed by a new one that is published five minutes before it signs', () => {
    ensureIdentityKey(folder, AT, systemRandom);
    const keys = new IdentityKeys(folder);
    const [first = ''] = kids(keys);
    const rotated = rotateIdentityKey(folder, AT + MINUTE, systemRandom, false);
    expect(rotated.map(({ signsFrom }) => signsFrom)).toEqual([AT, AT + 6 * MINUTE]);
    expect(keys.current()).toEqual(rotated);
    const later = rotateIdentityKey(folder, AT + 60 * MINUTE, systemRandom, false);
    expect(later.map(({ kid }) => kid)).toEqual([rotated[1]?.kid, expect.any(String)]);
    expect(kids(keys)).not.toContain(first);
  });

  it('are forgotten at once when somebody else knows them', () => {
    ensureIdentityKey(folder, AT, systemRandom);
    const keys = new IdentityKeys(folder);
    const [stolen] = kids(keys);
    const [made, ...others] = rotateIdentityKey(folder, AT + MINUTE, systemRandom, true);
    expect([made?.signsFrom, others]).toEqual([AT + MINUTE, []]);
    expect(kids(keys)).toEqual([made?.kid]);
    expect(made?.kid).not.toBe(stolen);
    expect(readFileSync(file, 'utf8')).not.toContain(stolen);
  });

  it('are made by the rotation too, where there were none', () => {
    expect(rotateIdentityKey(folder, AT, systemRandom, false)).toMatchObject([{ signsFrom: AT }]);
  });

  it('are refused, not replaced, where others can read them or the file is damaged', () => {
    ensureIdentityKey(folder, AT, systemRandom);
    const whole = readFileSync(file, 'utf8');
    const cases = [
      '',
      'null',
      '[]',
      '{"keys":[]}',
      whole.replace('"d": "', '"d": "AAAA'),
      whole.replace('2026', 'soon'),
    ];
    for (const text of cases) {
      writeFileSync(file, text);
      expect(() => new IdentityKeys(folder).current(), text).toThrow('is damaged');
      expect(() => rotateIdentityKey(folder, AT, systemRandom, false), text).toThrow(FolderRefused);
    }
    writeFileSync(file, whole);
    if (process.platform === 'win32') return;
    chmodSync(file, 0o640);
    expect(() => new IdentityKeys(folder).current()).toThrow(`chmod 600 ${file}`);
  });
});
