import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyhouse, type Keyhouse } from './create-keyhouse.ts';

const DESCRIPTION = {
  openapi: '3.1.0',
  info: { title: 'Servers', version: '1' },
  servers: [{ url: 'https://api.example.com/v1' }],
  paths: { '/servers': { get: { responses: { 200: { description: 'OK' } } } } },
};

let folder: string;
const opened: Keyhouse[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyhouse-description-'));
});
afterEach(async () => {
  for (const keyhouse of opened.splice(0).reverse()) await keyhouse.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = async (options: Parameters<typeof createKeyhouse>[0]) => {
  const keyhouse = await createKeyhouse({ dataDir: join(folder, 'data'), ...options });
  opened.push(keyhouse);
  return keyhouse;
};
const described = async ({ handler }: Keyhouse, prefix = '') => {
  const answer = await handler(new Request(`http://localhost${prefix}/reference/api.json`));
  return answer.json();
};

describe('the API description of an application', () => {
  it('is a value or a file, served beside its tokens, wherever they are mounted, with this address first', async () => {
    const file = join(folder, 'api.json');
    writeFileSync(file, JSON.stringify(DESCRIPTION));
    const owner = await open({ apiDescription: DESCRIPTION, prefix: '/keys' });
    expect(await described(owner, '/keys')).toMatchObject({
      info: { title: 'Servers' },
      servers: [{ url: '/v1' }, { url: 'https://api.example.com/v1' }],
    });
    const attached = await open({ apiDescription: file, attach: true });
    expect(await described(attached)).toMatchObject({ info: { title: 'Servers' } });
  });

  it('is refused before anything is opened', async () => {
    const refused = open({ apiDescription: { swagger: '2.0' } });
    await expect(refused).rejects.toMatchObject({
      name: 'StartRefused',
      message: expect.stringContaining('Swagger 2.0'),
    });
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });
});
