import { join } from 'node:path';
import { createApi } from '../../examples/installer/api.ts';
import { INSTALLERS, JOBS } from '../../examples/installer/resources.ts';
import { Tables } from '../../examples/kit/tables.ts';
import type { TestEngine } from '../../src/testing/engine.ts';
import type { Doors } from './company.ts';

/** The API of `examples/installer`, for `openCompany`. */
export function mountInstaller(doors: Doors, { folder }: TestEngine) {
  const tables = new Tables(join(folder, 'resources.sqlite'), [INSTALLERS, JOBS]);
  return {
    api: createApi(doors, tables),
    permissions: ['installers:*', 'jobs:*'],
    tables,
    close: () => tables.close(),
  };
}
