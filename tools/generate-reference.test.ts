import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GENERATED } from './generate-reference.ts';

describe('the generated references', () => {
  it.each(Object.entries(GENERATED))('%s is what the tables in the code say', (path, render) => {
    const written = readFileSync(join(import.meta.dirname, '..', path), 'utf8');
    expect(written, 'run: node tools/generate-reference.ts').toBe(render(path));
  });
});
