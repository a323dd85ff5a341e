import type { Call } from './call.ts';
import { CommandFailure } from './failure.ts';

/** Something by our id or by the provider's, as the API takes it. */
export type Reference = { readonly id: string } | { readonly external_id: string };

const OUR_ID = /^[a-z]{2,8}_[0-9A-Za-z]{22}$/;

interface Account {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
}

/** How `--owner` is read, for help and reference. */
export const OWNER_RULE =
  "An owner is named by its id (own_…), by the external id that your application gave it, or by a user's e-mail address. " +
  'Text with an @ may be either of the last two: when both exist and differ, the command is refused and says how to choose. ' +
  'external:TEXT and email:TEXT leave no doubt.';

/** @throws {CommandFailure} an e-mail address that nobody has, or that names two different owners. */
export async function findOwner(call: Call, text: string): Promise<Reference> {
  const external = /^external:(.+)$/.exec(text)?.[1];
  if (external !== undefined) return { external_id: external };
  const email = /^email:(.+)$/.exec(text)?.[1];
  if (email !== undefined) return { id: await requireAccount(call, 'user', email) };
  if (OUR_ID.test(text)) return { id: text };
  if (!text.includes('@')) return { external_id: text };
  const user = await lookUpAccount(call, 'user', text);
  if (user === null) return { external_id: text };
  const known = await call.tryAsking({ method: 'GET', path: `/v1/owners/${encodeURIComponent(text)}` });
  if (known.status !== 200) return { id: user };
  throw new CommandFailure('refused', `${text} is the e-mail address of a user and the external id of another owner.`, {
    hint: `Say which: --owner email:${text} or --owner external:${text}`,
  });
}

export function workspaceReference(text: string): Reference {
  return /^wsp_[0-9A-Za-z]{22}$/.test(text) ? { id: text } : { external_id: text };
}

export type AccountKind = 'user' | 'service-account';

/** The id of a user (by id or e-mail address) or of a service account (by id or name). */
export async function requireAccount(call: Call, kind: AccountKind, text: string): Promise<string> {
  if (OUR_ID.test(text)) return text;
  const found = await lookUpAccount(call, kind, text);
  if (found !== null) return found;
  const what = kind === 'user' ? 'user with this e-mail address' : 'service account with this name';
  throw new CommandFailure('refused', `There is no ${what}: ${text}`, { hint: `See: keyhouse ${kind} list` });
}

/** null where there is none, or where the caller may not look. */
async function lookUpAccount(call: Call, kind: AccountKind, text: string): Promise<string | null> {
  const wanted = text.toLowerCase();
  const isNamed = ({ name, email }: Account) =>
    (kind === 'user' ? email?.toLowerCase() : name?.toLowerCase()) === wanted;
  const found = await searchAll<Account>(call, `/v1/${kind}s`, { search: text.slice(0, 100) }, isNamed);
  if (found.length < 2) return found[0]?.id ?? null;
  throw new CommandFailure('refused', `${found.length} of them are called ${text}.`, {
    hint: `Name one by its id: ${found.map(({ id }) => id).join(', ')}`,
  });
}

/** The id of a workspace by its id or external id. */
export async function requireWorkspace(call: Call, text: string): Promise<string> {
  const reference = workspaceReference(text);
  if ('id' in reference) return reference.id;
  const isNamed = ({ external_id }: { external_id: string | null }) => external_id === text;
  const [found] = await searchAll<{ id: string; external_id: string | null }>(call, '/v1/workspaces', {}, isNamed);
  if (found !== undefined) return found.id;
  throw new CommandFailure('refused', `There is no workspace with the external id ${text}.`, {
    hint: 'See: keyhouse workspace list',
  });
}

/** Every row of a list that matches, page by page. Nothing where the caller may not look. */
export async function searchAll<Row>(
  call: Call,
  path: string,
  query: Readonly<Record<string, string>>,
  matches: (row: Row) => boolean,
): Promise<Row[]> {
  const found: Row[] = [];
  for (let cursor: string | undefined; ; ) {
    const reply = await call.tryAsking({ method: 'GET', path, query: { ...query, limit: 100, cursor } });
    if (reply.status !== 200) return found;
    const page = reply.json as { readonly data: readonly Row[]; readonly next_cursor: string | null };
    found.push(...page.data.filter(matches));
    if (page.next_cursor === null) return found;
    cursor = page.next_cursor;
  }
}
