import { createHash } from 'node:crypto';
import type {
  MembershipRecord,
  OwnerRecord,
  Page,
  PagePosition,
  PageRequest,
  ProfileVersion,
  RoleRecord,
  TokenRecord,
  Transaction,
  WorkspaceRecord,
} from '../ports/index.ts';

/** One line of an exported installation. Records are as they are stored. */
export type InstallationLine =
  | { readonly type: 'profile'; readonly record: Pick<ProfileVersion, 'name' | 'digest' | 'document' | 'imports'> }
  | { readonly type: 'workspace'; readonly record: WorkspaceRecord }
  | { readonly type: 'role'; readonly record: RoleRecord }
  | { readonly type: 'owner'; readonly record: OwnerRecord }
  | { readonly type: 'membership'; readonly record: MembershipRecord }
  | {
      readonly type: 'token';
      readonly record: Omit<TokenRecord, 'digest' | 'pepperVersion'> &
        Partial<Pick<TokenRecord, 'digest' | 'pepperVersion'>>;
      /** Its id in the system it was imported from; null for tokens that were made here. */
      readonly foreignId: string | null;
    };

const PAGE = 100;

type Reads = Pick<Transaction, 'owners' | 'tokens' | 'profiles' | 'imports'>;

/**
 * Everything there is but history: who exists, who may do what, and every token whose owner still does. A token's digest is
 * among it, its value is nowhere.
 */
export async function* installationLines({
  owners,
  tokens,
  profiles,
  imports,
}: Reads): AsyncGenerator<InstallationLine> {
  const inForce = await profiles.inForce();
  if (inForce !== null) {
    const { name, digest, document } = inForce;
    const record = { name, digest, document, ...(inForce.imports !== undefined && { imports: inForce.imports }) };
    yield { type: 'profile', record };
  }
  for await (const record of every((page) => owners.listWorkspaces(page))) yield { type: 'workspace', record };
  for (const record of await owners.listRoles()) yield { type: 'role', record };
  const present = new Set<string>();
  for await (const record of every((page) => owners.list({}, page))) {
    present.add(record.id);
    yield { type: 'owner', record };
    const memberships = [...(await owners.memberships(record.id))];
    memberships.sort((a, b) => (a.workspaceId < b.workspaceId ? -1 : 1));
    for (const membership of memberships) {
      // Databases bring them in any order.
      yield { type: 'membership', record: { ...membership, roleIds: [...membership.roleIds].sort() } };
    }
  }
  for await (const record of every((page) => tokens.list({}, page, 'oldest'))) {
    if (!present.has(record.ownerId)) continue;
    const [, source] = record.digestScheme.split(':');
    const foreignId = source === undefined ? null : await imports.foreignId(source, record.id);
    yield { type: 'token', record, foreignId };
  }
}

async function* every<Row>(read: (page: PageRequest) => Promise<Page<Row>>): AsyncGenerator<Row> {
  for (let after = null as PagePosition | null, more = true; more; more = after !== null) {
    const page = await read({ limit: PAGE, after });
    yield* page.rows;
    after = page.next;
  }
}

/** Counts of the lines by type, and SHA-256 of all they say but digests, which depend on a pepper. */
export class Tally {
  readonly counts: Record<string, number> = {};
  readonly #hash = createHash('sha256');

  add(line: InstallationLine): void {
    this.counts[line.type] = (this.counts[line.type] ?? 0) + 1;
    this.#hash.update(`${JSON.stringify(sorted(withoutDigest(line)))}\n`);
  }

  /** Hex; nothing can be added after it. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}

export function withoutDigest(line: InstallationLine): InstallationLine {
  if (line.type !== 'token') return line;
  const { digest: _digest, pepperVersion: _version, ...record } = line.record;
  return { ...line, record };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
