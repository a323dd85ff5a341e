import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE, findPrivateSocket, PEPPER_FILE, secretsFolderOf } from '../stores/data-folder/index.ts';
import type { Config } from './config.ts';
import type { LocalDoor } from './local-door.ts';
import type { OidcConfig } from './oidc-config.ts';
import type { serve as serveNow } from './serve.ts';
import { StartRefused } from './start-refused.ts';

export type { AuditReport } from '../stores/sql/index.ts';
/**
 * What the command line needs of the server: who owns a store, a door of its own where nobody does, and the work that is
 * done on a store at rest. Whatever loads an engine is loaded when it is called, so that a command is quick to start.
 */
export { type Config, explainConfig, loadConfig, strangeVariables } from './config.ts';
export { type InstallationFacts, inspectInstallation } from './inspect-installation.ts';
export type { LocalDoor } from './local-door.ts';
export type { RestoreRequest } from './store-at-rest.ts';

export type Place = Pick<Config, 'dataDir' | 'secretsDir' | 'databaseUrl'>;

/** The socket of the process that owns the data folder; null on PostgreSQL, which no process owns. */
export function findOwnerSocket({ dataDir, databaseUrl }: Place): string | null {
  return databaseUrl === null ? findPrivateSocket(dataDir) : null;
}

/** Whether there is a store, or what is left of one. */
export function hasStore({ dataDir, secretsDir, databaseUrl }: Place): boolean {
  if (existsSync(join(secretsFolderOf(dataDir, secretsDir), PEPPER_FILE))) return true;
  return databaseUrl === null && existsSync(join(dataDir, DATABASE_FILE));
}

/**
 * A command that only works on a store must not make one in passing, in whatever folder it was called.
 * @throws {StartRefused} there is none.
 */
export function requireStore(place: Place): void {
  if (hasStore(place)) return;
  const secrets = secretsFolderOf(place.dataDir, place.secretsDir);
  throw new StartRefused(
    place.databaseUrl === null
      ? `There is no Keyhouse store in ${place.dataDir}. Name its folder with --data-dir or KEYHOUSE_DATA_DIR, or make one: keyhouse init`
      : `There are no secrets in ${secrets}. Copy the ones of this store there, or make a new store: keyhouse init`,
  );
}

/**
 * Opens the store for the length of a command.
 * @throws {FolderOwned} {StartRefused} as `openEngine` does.
 */
export async function openLocalDoor(
  config: Config,
  {
    makes,
    warn,
  }: { /** Makes the store where there is none. */ readonly makes: boolean; readonly warn: (message: string) => void },
): Promise<LocalDoor> {
  const door = await import('./local-door.ts');
  return door.openLocalDoor(config, { isNew: makes && !hasStore(config), warn });
}

export const serve: typeof serveNow = async (config, surroundings) => {
  const server = await import('./serve.ts');
  return server.serve(config, surroundings);
};

export const readApiDescription: typeof import('./api-description.ts').readApiDescription = async (given, where) => {
  const description = await import('./api-description.ts');
  return description.readApiDescription(given, where);
};

/**
 * Tries the mail server of the configuration, and sends a mail where `to` is given.
 * @throws {SendFailed} saying what the mail server would not have.
 */
export const tryMail: typeof import('./try-mail.ts').tryMail = async (mail, test) => {
  const trial = await import('./try-mail.ts');
  return trial.tryMail(mail, test);
};

/**
 * Asks the OpenID provider of the configuration what it publishes about itself. @returns its name for itself.
 * @throws {ProviderFailed}
 */
export const tryOpenIdProvider = async (oidc: OidcConfig): Promise<string> => {
  const { discover } = await import('./openid-provider.ts');
  return (await discover(oidc)).serverMetadata().issuer;
};

export const restoreStore: typeof import('./store-at-rest.ts').restoreStore = async (config, request) => {
  const atRest = await import('./store-at-rest.ts');
  return atRest.restoreStore(config, request);
};

export const verifyStoreAtRest: typeof import('./verify-store-at-rest.ts').verifyStoreAtRest = async (place, files) => {
  const atRest = await import('./verify-store-at-rest.ts');
  return atRest.verifyStoreAtRest(place, files);
};

export const verifyAuditFiles: typeof import('./verify-audit.ts').verifyAuditFiles = async (files) => {
  const verification = await import('./verify-audit.ts');
  return verification.verifyAuditFiles(files);
};

export const archiveStoreOf: typeof import('./store-at-rest.ts').archiveStoreOf = async (config) => {
  const atRest = await import('./store-at-rest.ts');
  return atRest.archiveStoreOf(config);
};
