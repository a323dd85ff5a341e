import { z } from 'zod';
import type { Engine } from '../manage/index.ts';
import { formatInstant } from '../policy/index.ts';
import type { OwnerRecord, RoleRecord, StaffSessionRecord, WorkspaceRecord } from '../ports/index.ts';

/** Left unused for this long a session ends. */
export const PORTAL_IDLE_MS = 15 * 60_000;

const nullableText = z.string().nullable();

/** For whom a portal session is. */
export const portalOwnerSchema = z.object({
  owner: z.object({ id: z.string(), external_id: z.string(), name: nullableText, email: nullableText }),
  workspace: z.object({ id: z.string(), external_id: nullableText, name: z.string() }),
});

/** What a page is told of the session it works with. */
export const openedPortalSchema = z
  .object({
    id: z.string(),
    value: z.string().describe('The bearer value of the session: below `/portal/`, and nowhere else'),
    ...portalOwnerSchema.shape,
    company: z.object({ name: z.string(), support_url: nullableText }),
    words: z.object({
      token: z.string(),
      tokens: z.string(),
      create_button: z.string(),
      save_button: z.string(),
      revoke_button: z.string(),
    }),
    expires_at: z.string().describe('However much it is used'),
    idle_seconds: z.number().int().describe('Unused for this long it ends earlier'),
  })
  .meta({ id: 'PortalSession' });
export type OpenedPortalWire = Omit<z.infer<typeof openedPortalSchema>, 'value'>;

export function openedPortalWire(
  { authenticator }: Pick<Engine, 'authenticator'>,
  { id, expiresAt, owner, workspace }: OpenedPortal,
): OpenedPortalWire {
  const { company, words } = authenticator.profile.profile;
  return {
    id,
    ...portalOwnerWire(owner, workspace),
    company: { name: company.name, support_url: company.supportUrl },
    words: {
      token: words.token,
      tokens: words.tokens,
      create_button: words.createButton,
      save_button: words.saveButton,
      revoke_button: words.revokeButton,
    },
    expires_at: formatInstant(expiresAt),
    idle_seconds: PORTAL_IDLE_MS / 1_000,
  };
}

interface OpenedPortal {
  readonly id: string;
  readonly expiresAt: number;
  readonly owner: OwnerRecord;
  readonly workspace: WorkspaceRecord;
}

export const staffSchema = z.object({
  external_id: z.string(),
  name: nullableText,
  email: nullableText,
  role: z.object({ id: z.string(), name: z.string() }),
});

export function portalOwnerWire(owner: OwnerRecord, workspace: WorkspaceRecord): z.infer<typeof portalOwnerSchema> {
  const { id, externalId, name, email } = owner;
  return { owner: { id, external_id: externalId ?? '', name, email }, workspace: workspaceWire(workspace) };
}

export function workspaceWire({ id, externalId, name }: WorkspaceRecord) {
  return { id, external_id: externalId, name };
}

export function staffWire(
  { externalId, name, email }: Pick<StaffSessionRecord, 'externalId' | 'name' | 'email'>,
  role: RoleRecord,
): z.infer<typeof staffSchema> {
  return { external_id: externalId, name, email, role: { id: role.id, name: role.name } };
}
