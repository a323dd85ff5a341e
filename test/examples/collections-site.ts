/**
 * The site of `examples/collections` in this process, over an engine whose clock belongs to the test: for what another
 * process cannot be made to show, such as small limits, a full disk and time that passes.
 */
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createApi } from '../../examples/collections/api.ts';
import { Collections } from '../../examples/collections/collections.ts';
import { LIMITS, type Limits } from '../../examples/collections/limits.ts';
import { collections } from '../../src/index.ts';
import type { TestEngine } from '../../src/testing/engine.ts';
import { type Company, type Doors, type Mounted, openCompany } from '../requirements/company.ts';
import { type UploadAnswer, upload } from './uploads.ts';

export interface SiteOptions {
  readonly limits?: Partial<Limits>;
  /** Where the collections lie; a folder of the engine unless told. */
  readonly folder?: string;
}

export interface Site {
  readonly company: Company<Mounted & { readonly folder: string }>;
  readonly url: string;
  readonly port: number;
  /** Of the owner `user-42`, who may do everything there is. */
  readonly token: string;
  install(archive: Uint8Array, fileName?: string): Promise<UploadAnswer>;
  /** What lies in the folder where uploads are taken and unpacked. */
  incoming(): string[];
  close(): Promise<void>;
}

export function mountCollections({ limits = {}, folder }: SiteOptions = {}) {
  return (doors: Doors, house: TestEngine) => {
    const home = folder ?? join(house.folder, 'site');
    mkdirSync(home, { recursive: true });
    const installed = new Collections(home);
    const api = createApi(doors, installed, { ...LIMITS, ...limits });
    const permissions = ['collections:read', 'collections:install'];
    return { api, permissions, folder: home, close: () => installed.close() };
  };
}

export async function openSite(options: SiteOptions = {}): Promise<Site> {
  const company = await openCompany(collections, mountCollections(options));
  const { api, folder } = company.mounted;
  const server = createServer(api).on('checkContinue', api);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const { value: token } = await company.makeKey({ tier: 'unlimited' });
  return {
    company,
    url,
    port,
    token,
    install: (archive, fileName) => upload(url, token, archive, fileName),
    incoming: () => readdirSync(join(folder, 'incoming')),
    async close() {
      server.close();
      server.closeAllConnections();
      await company.close();
    },
  };
}
