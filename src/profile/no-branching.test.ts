import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DENIAL_REASONS } from '../policy/index.ts';
import { presets, renderDenial, renderRejection } from './index.ts';

/** Every source file of this folder that is neither a test nor a preset, nor the list of what it exports. */
const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter(
    (file) => file.endsWith('.ts') && !file.startsWith('presets') && !/(?:^index|\.test|\.fixture)\.ts$/.test(file),
  )
  .map((file) => ({
    file,
    code: readFileSync(join(import.meta.dirname, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, ''),
  }));

describe('a profile is data', () => {
  it('no code here names a company', () => {
    const names = Object.keys(presets).filter((name) => name !== 'keyhouse');
    expect(sources.length).toBeGreaterThan(20);
    for (const { file, code } of sources) {
      for (const name of names) expect(code.includes(name), `${file} names ${name}`).toBe(false);
      expect(/['"`]keyhouse['"`]/.test(code), `${file} names the neutral profile`).toBe(false);
    }
  });

  it('no code here compares the name of a profile or of a company', () => {
    for (const { file, code } of sources) {
      const compares =
        /\b(?:profile|before|after|company)\.(?:name|slug)\s*[!=]==?|switch \((?:profile|company)\.name\)/;
      expect(compares.test(code), file).toBe(false);
    }
  });

  it.each(Object.entries(presets))('%s says the same under another name', (_name, profile) => {
    const renamed = { ...profile, name: 'somebody-else' };
    for (const reason of DENIAL_REASONS) {
      const denial = { reason, missing: ['a:b'], retryAfterSeconds: 3, help: 'Look.', requestId: 'req_1' };
      expect(renderDenial(renamed, denial)).toEqual(renderDenial(profile, denial));
    }
    const rejection = { code: 'conflict', status: 409, title: 'Conflict', message: 'No.', requestId: 'req_1' };
    expect(renderRejection(renamed, rejection)).toEqual(renderRejection(profile, rejection));
  });

  it.each(Object.entries(presets))('%s survives JSON unchanged', (_name, profile) => {
    expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
  });
});
