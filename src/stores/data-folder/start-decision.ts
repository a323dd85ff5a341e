import { canariesOf, type StoreSecrets, sameCanary } from './secrets.ts';
import type { WitnessNote } from './witness.ts';

/** What a database says about itself before it is used. */
export interface StoreFound {
  readonly storeId: string;
  /** Canary by pepper version, as `canariesOf` made them. */
  readonly canaries: ReadonlyMap<number, string>;
  /** Its newest change sequence. */
  readonly newestSeq: number;
  /** Hash of its audit event at the witness' sequence; null where it has none. */
  readonly auditHashAtWitness: string | null;
}

export interface StartFindings {
  /** null: no database, or one without a store in it. */
  readonly store: StoreFound | null;
  readonly secrets: StoreSecrets | null;
  /** `not_kept` on PostgreSQL, where other nodes play this part. */
  readonly witness: WitnessNote | 'missing' | 'damaged' | 'not_kept';
}

/** Where things are, for the messages. */
export interface StartPlaces {
  /** The database file, or what else names the database. */
  readonly database: string;
  readonly secrets: string;
}

export type RefusedStart =
  | 'database_missing'
  | 'pepper_missing'
  | 'pepper_wrong'
  | 'other_store'
  | 'witness_missing'
  | 'witness_damaged'
  | 'database_older'
  | 'other_history';

export type StartDecision =
  /** Make a new store; with the secrets that are there where a first start was cut off, else with new ones. */
  | { readonly decision: 'create'; readonly secrets: StoreSecrets | null }
  /** Go on. First give the store the canaries it lacks, then, where asked, begin the witness and confirm the secrets. */
  | { readonly decision: 'ok'; readonly canariesToWrite: ReadonlyMap<number, string>; readonly confirm: boolean }
  /** Exit; the message says what to do. */
  | { readonly decision: 'refuse'; readonly because: RefusedStart; readonly message: string };

/** Whether a database and a secrets folder belong together and the database is the newest there was. */
export function decideStart(findings: StartFindings, places: StartPlaces): StartDecision {
  const { store, secrets, witness } = findings;
  if (store === null) {
    if (secrets?.isConfirmed) return refuse('database_missing', databaseMissing(secrets, places));
    return { decision: 'create', secrets };
  }
  if (secrets === null) return refuse('pepper_missing', pepperMissing(store, places));
  if (secrets.storeId !== store.storeId) return refuse('other_store', otherStore(store, secrets, places));
  const known = canariesOf(secrets);
  const wrong = [...store.canaries].find(([version, canary]) => !sameCanary(known.get(version) ?? '', canary));
  if (wrong !== undefined) return refuse('pepper_wrong', pepperWrong(wrong[0], known.has(wrong[0]), places));
  if (secrets.isConfirmed) {
    const doubt = doubtAboutWitness(store, witness, places);
    if (doubt !== null) return doubt;
  }
  const canariesToWrite = new Map([...known].filter(([version]) => !store.canaries.has(version)));
  return { decision: 'ok', canariesToWrite, confirm: !secrets.isConfirmed };
}

function doubtAboutWitness(
  store: StoreFound,
  witness: StartFindings['witness'],
  places: StartPlaces,
): StartDecision | null {
  if (witness === 'not_kept') return null;
  if (witness === 'missing' || witness === 'damaged') {
    const message = `${places.secrets}/witness is ${witness}, so nothing tells whether ${places.database} is the newest copy. Put the file back if you have it.`;
    return refuse(
      `witness_${witness}`,
      `${message} Otherwise declare what this database is:\n${waysOut(places, places.database)}`,
    );
  }
  if (witness.storeId !== store.storeId) {
    const message = `${places.secrets}/witness belongs to store ${witness.storeId}, not to ${store.storeId}.`;
    return refuse('other_store', `${message} Put the file back that belongs beside this pepper.`);
  }
  if (store.newestSeq < witness.seq) {
    const message = `${places.database} is an old copy: its newest change is number ${store.newestSeq}, but number ${witness.seq} was made and answered. Tokens revoked since would be accepted again. Put the newest database back, or choose:`;
    return refuse('database_older', `${message}\n${waysOut(places, places.database)}`);
  }
  if (
    witness.auditHash !== null &&
    store.auditHashAtWitness !== null &&
    witness.auditHash !== store.auditHashAtWitness
  ) {
    const message = `${places.database} is a copy that went another way: its change number ${witness.seq} is not the one that was answered here. Put the right database back, or choose:`;
    return refuse('other_history', `${message}\n${waysOut(places, places.database)}`);
  }
  return null;
}

function refuse(because: RefusedStart, message: string): StartDecision {
  return { decision: 'refuse', because, message };
}

function databaseMissing(secrets: StoreSecrets, places: StartPlaces): string {
  return (
    `There is no store in ${places.database}, but ${places.secrets} holds the secrets of store ${secrets.storeId}. ` +
    'Is a volume not mounted, or another data folder meant? Put the database back (what an interrupted restore moved away is in ' +
    'an archive folder beside it), or choose:\n' +
    waysOut(places, '<backup file>')
  );
}

function pepperMissing(store: StoreFound, places: StartPlaces): string {
  return (
    `${places.database} holds store ${store.storeId}, but there is no pepper.json in ${places.secrets}. Without it no token can be ` +
    'verified. Put your copy back, or point KEYHOUSE_SECRETS_DIR at the folder that has it. If it is lost for good, so is ' +
    'every token; this keeps everything else and revokes them all:\n' +
    `  keyhouse restore ${places.database} --keys=revoke-all --new-pepper`
  );
}

function pepperWrong(version: number, isThere: boolean, places: StartPlaces): string {
  const fault = isThere ? `is not the one this store was made with` : 'is missing';
  return (
    `Pepper ${version} in ${places.secrets}/pepper.json ${fault}, so the tokens in ${places.database} that depend on it would all be ` +
    'refused. Put the right copy of pepper.json back.'
  );
}

function otherStore(store: StoreFound, secrets: StoreSecrets, places: StartPlaces): string {
  return (
    `${places.secrets} holds the secrets of store ${secrets.storeId}, but ${places.database} holds store ${store.storeId}. ` +
    'Bring together the two that belong to each other, with KEYHOUSE_DATA_DIR and KEYHOUSE_SECRETS_DIR.'
  );
}

function waysOut(places: StartPlaces, file: string): string {
  return (
    `  keyhouse restore ${file} --keys=revoke-all    take this copy, with every token in it revoked\n` +
    `  keyhouse restore ${file} --keys=trust         take this copy as it is, if nothing was revoked since\n` +
    `  keyhouse init --new-store    begin anew; what is in ${places.secrets} goes to an archive folder inside it`
  );
}
