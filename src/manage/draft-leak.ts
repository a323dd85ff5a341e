import { type Draft, publishEvent } from '../changes/index.ts';
import { formatInstant, tokenState } from '../policy/index.ts';
import type { Instant, TokenRecord, Transaction } from '../ports/index.ts';
import { leakPolicyOf } from '../profile/index.ts';
import { digestedTexts, digestToken, generateId } from '../token/index.ts';
import { auditDraft } from './audit-draft.ts';
import type { Caller } from './caller.ts';
import { memberOf } from './draft-rotation.ts';
import type { Engine } from './operation.ts';
import { administratorsOf, recipientsOf } from './recipients.ts';
import { draftRevocation } from './revoke-token.ts';

/** A value that somebody has found where it should not be. */
export interface Leak {
  /** All values of the report: whatever else it says, none of them is written down. */
  readonly texts: readonly string[];
  readonly reporter: 'anybody' | 'github';
  /** Where it was found, and what else was said; the reporter's words. */
  readonly url: string | null;
  readonly note: string | null;
}

const DAY_MS = 24 * 60 * 60_000;
const REASON = 'leaked';

/** The token that has this value, as it is stored. */
export async function findLeaked({ store, authenticator, pepper }: Engine, text: string): Promise<TokenRecord | null> {
  const texts = digestedTexts(text, authenticator.profile.profile.token);
  const peppers = [...pepper().versions.values()];
  const digests = peppers.flatMap((one) => texts.map((digested) => digestToken(digested, one)));
  return (await store.facts.findByDigest(digests))?.token ?? null;
}

/**
 * Writes down what was reported, does what the profile says of it, and tells people, in one transaction. For a value that
 * nobody has it writes an entry too and waits as long, so that the answer's time says nothing.
 */
export async function takeLeak(engine: Engine, caller: Caller, leaked: TokenRecord | null, leak: Leak): Promise<void> {
  await engine.changes.commit((transaction) => draftLeak(engine, caller, leaked, leak, transaction));
}

async function draftLeak(
  engine: Engine,
  caller: Caller,
  leaked: TokenRecord | null,
  leak: Leak,
  transaction: Transaction,
): Promise<Draft<null>> {
  const now = engine.clock.now();
  if (leaked === null) return noted(caller, null, { known: false }, leak, now);
  const token = memberOf(await transaction.tokens.lockLineage(leaked.lineageId), leaked.id);
  const state = tokenState(token, now);
  // What ended is nobody's danger, and whoever has it must not end what came after it.
  if (state !== 'active' && state !== 'superseded' && state !== 'disabled') {
    return noted(caller, token, { known: true, state }, leak, now);
  }
  const policy = leakPolicyOf(engine.authenticator.profile.profile);
  const day = Math.floor(now / DAY_MS);
  const isNews = await transaction.notices.once(`leak:${token.id}:${policy === 'revoke' ? policy : day}`, now);
  if (isNews) await mailPeople(engine, transaction, token, leak, { policy, state, now });
  if (policy === 'alert') {
    if (!isNews) return noted(caller, token, { known: true, state }, leak, now);
    return {
      ...noted(caller, token, { known: true, state, policy }, leak, now),
      audit: told(caller, token, leak, now),
    };
  }
  const draft = await draftRevocation(engine, caller, token, { reason: REASON }, transaction);
  const { details, personal } = draft.audit;
  if (isNews) await publishEvent(transaction, null, told(caller, token, leak, now));
  return {
    ...draft,
    value: null,
    audit: {
      ...draft.audit,
      details: { ...details, reported_by: leak.reporter },
      personal: { ...personal, ...saidBy(leak) },
    },
  };
}

/** An entry of the audit log, and nothing else. */
function noted(
  caller: Caller,
  token: TokenRecord | null,
  details: Readonly<Record<string, unknown>>,
  leak: Leak,
  now: Instant,
): Draft<null> {
  const subject = token === null ? null : { kind: 'lineage' as const, id: token.lineageId };
  return {
    value: null,
    subjects: subject === null ? [] : [subject],
    // Waited for like a revocation, whatever it was.
    tightening: true,
    audit: auditDraft(caller, now, {
      action: 'leak.reported',
      subject,
      workspaceId: token?.workspaceId ?? null,
      details: { ...details, ...(token !== null && { token_id: token.id }), reported_by: leak.reporter },
      // What is said about a value that nobody has is nobody's to read, and anybody could fill the log with it.
      personal: token === null ? {} : saidBy(leak),
    }),
  };
}

function told(caller: Caller, { id, lineageId, workspaceId }: TokenRecord, leak: Leak, now: Instant) {
  return auditDraft(caller, now, {
    action: 'token.leaked',
    subject: { kind: 'lineage', id: lineageId },
    workspaceId,
    details: { token_id: id, reported_by: leak.reporter },
    personal: saidBy(leak),
  });
}

/** The owner, and the administrators of the workspace: whoever leaked it may well be the owner. */
async function mailPeople(
  engine: Engine,
  { owners, outbox }: Transaction,
  token: TokenRecord,
  { reporter, url, texts }: Leak,
  { policy, state, now }: { readonly policy: string; readonly state: string; readonly now: Instant },
): Promise<void> {
  if (!engine.sendsMail) return;
  const people = [
    ...(await recipientsOf(owners, { ...token, ...token.rotation })),
    ...(await administratorsOf(owners, token.workspaceId)),
  ];
  const data = {
    name: token.name,
    hint: token.hint,
    at: formatInstant(now),
    policy,
    state,
    reporter,
    // Of a reporter whom nobody knows, no address is sent on to people who trust this mail.
    ...(reporter === 'github' && url !== null && { url: withoutValues(url, texts) }),
  };
  for (const to of new Set(people)) {
    const id = generateId('mal', engine.random);
    await outbox.put({ id, template: 'token_leaked', to, locale: null, data, sealed: null, createdAt: now });
  }
}

function saidBy({ url, note, texts }: Leak): Readonly<Record<string, string>> {
  return {
    ...(url !== null && { url: withoutValues(url, texts) }),
    ...(note !== null && { note: withoutValues(note, texts) }),
  };
}

/**
 * Left out are the values of the report, however short, and what may be another; what names a commit is hexadecimal and
 * stays.
 */
function withoutValues(said: string, values: readonly string[]): string {
  // Of a value with an id before its secret, the secret alone is as good.
  const parts = values.flatMap((value) => [value, value.slice(value.lastIndexOf('|') + 1)]);
  const spelled = new Set(parts.flatMap((part) => [part, encodeURIComponent(part)]));
  let text = said;
  for (const one of [...spelled].sort((a, b) => b.length - a.length)) text = text.replaceAll(one, '…');
  return text.replace(/[0-9A-Za-z]{26,}/g, (run) => (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(run) ? run : '…'));
}
