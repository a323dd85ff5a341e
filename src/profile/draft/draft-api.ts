import type { CatalogueEntry, LimitTier, SampleRequest } from '../profile.ts';
import { catalogueOf } from './api-catalogue.ts';
import { type ApiOperation, listOperations, serverFor } from './api-document.ts';
import { type GuardedOperation, judgeOperations, line } from './api-permissions.ts';
import { type RouteDraft, routesOf } from './api-routes.ts';
import { isLimitKey, tiersOf } from './api-tiers.ts';
import { isObject, type JsonObject, objectAt, textAt } from './json-value.ts';
import { type Note, Notes } from './note.ts';
import { shownLine } from './shown-text.ts';

/** What an OpenAPI document says that a profile can use. */
export interface ApiDraft {
  readonly catalogue: readonly CatalogueEntry[];
  readonly routes: readonly RouteDraft[];
  /** Operations that take requests without a token, as `METHOD /path`. */
  readonly open: readonly string[];
  /** null where the document states no limits. */
  readonly tiers: Readonly<Record<string, LimitTier>> | null;
  readonly apiBaseUrl: string | null;
  readonly sampleRequest: SampleRequest | null;
  /** What it says of the company, unchecked. */
  readonly title: string | null;
  readonly supportUrl: string | null;
  readonly supportEmail: string | null;
  readonly notes: readonly Note[];
}

export type ReadApi = { readonly ok: true; readonly api: ApiDraft } | { readonly ok: false; readonly message: string };

const PERMISSIONS_MAX = 2_000;

/**
 * Drafts from an OpenAPI document, 3.0 or 3.1, that is plain JSON. Everything it guesses or leaves out is in `notes`.
 * @returns a message where there is nothing to draft, or more than a profile holds.
 */
export function draftApi(document: JsonObject): ReadApi {
  const notes = new Notes();
  const operations = listOperations(document, notes);
  const { guarded, open } = judgeOperations(operations, notes);
  if (guarded.length === 0) {
    return {
      ok: false,
      message: `The document describes ${operations.length === 0 ? 'no operation' : 'no operation that needs a token'}, so there is no permission to draft.`,
    };
  }
  tellAll(document, operations, guarded, notes);
  const catalogue = catalogueOf(document, guarded, notes);
  if (catalogue.length > PERMISSIONS_MAX) {
    return {
      ok: false,
      message: `Its tags or scopes make ${catalogue.length} permissions, and a catalogue holds ${PERMISSIONS_MAX}. Give operations of one kind the same tag.`,
    };
  }
  const contact = objectAt(objectAt(document, 'info'), 'contact');
  return {
    ok: true,
    api: {
      catalogue,
      routes: routesOf(guarded, notes),
      open: open.map(line),
      tiers: tiersOf(document, notes),
      apiBaseUrl: serverFor(document, [], notes).origin,
      sampleRequest: sampleOf(guarded),
      title: shownLine(textAt(objectAt(document, 'info'), 'title'), 100) || null,
      supportUrl: textAt(contact, 'url')?.replace(/\/+$/, '') ?? null,
      supportEmail: textAt(contact, 'email'),
      notes: notes.list(),
    },
  };
}

function tellAll(
  document: JsonObject,
  operations: readonly ApiOperation[],
  guarded: readonly GuardedOperation[],
  notes: Notes,
): void {
  if (guarded.some(({ scopes }) => scopes.size === 0)) {
    notes.tell(
      'Where no scope says otherwise, GET reads and every other method writes. A POST that only searches reads.',
    );
  }
  for (const operation of operations) {
    if (operation.isDeprecated) notes.tell('Deprecated, and drafted like the others.', line(operation));
  }
  const used = new Set(guarded.flatMap(({ scopes }) => [...scopes.values()]));
  for (const scheme of Object.values(objectAt(objectAt(document, 'components'), 'securitySchemes'))) {
    tellScheme(scheme, used, notes);
  }
  for (const [path, item] of Object.entries(objectAt(document, 'paths'))) {
    if (isObject(item) && [item, ...Object.values(item)].some(hasLimit)) {
      notes.tell('Limits count per token, so limits of single operations are not drafted.', path);
    }
  }
}

function tellScheme(scheme: unknown, used: ReadonlySet<string>, notes: Notes): void {
  const header = textAt(scheme, 'name');
  if (
    textAt(scheme, 'type') === 'apiKey' &&
    textAt(scheme, 'in') === 'header' &&
    header?.toLowerCase() !== 'authorization'
  ) {
    notes.tell(
      'Tokens come as "Authorization: Bearer"; for another header name it where you check: protect(keyhouse, { …, headers: [name] }).',
      shownLine(header, 60),
    );
  }
  for (const flow of Object.values(objectAt(scheme, 'flows'))) {
    for (const scope of Object.keys(objectAt(flow, 'scopes'))) {
      if (!used.has(scope)) notes.tell('Scopes that no operation needs; they are not drafted.', shownLine(scope, 100));
    }
  }
}

function hasLimit(value: unknown): boolean {
  return isObject(value) && Object.keys(value).some(isLimitKey);
}

/** The first request that can be made as it stands: the samples of the guide make it. */
function sampleOf(operations: readonly GuardedOperation[]): SampleRequest | null {
  const first = operations.find(
    ({ method, path, needsMore }) =>
      method === 'GET' &&
      !needsMore &&
      path.length <= 200 &&
      /^\/[A-Za-z0-9._~/-]*$/.test(path) &&
      !/\/\/|^\/$/.test(path),
  );
  return first === undefined ? null : { method: 'GET', path: first.path, upload: null };
}
