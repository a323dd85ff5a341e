import { z } from 'zod';
import { invalidInput } from './rejection.ts';
import { externalIdSchema, idSchema, metadataSchema, nameSchema, permissionListSchema } from './schemas.ts';

const workspaceSchema = z.union([
  z.strictObject({ id: idSchema }),
  z.strictObject({
    external_id: externalIdSchema,
    name: nameSchema.optional().describe('For a workspace that does not exist yet; one that exists keeps its name'),
  }),
]);

const rolesSchema = z.array(z.string().min(1).max(100)).max(50).describe('Names or ids of roles');

const membershipSchema = z
  .strictObject({
    workspace: workspaceSchema,
    permissions: permissionListSchema.optional(),
    roles: rolesSchema.optional(),
  })
  .refine(
    ({ permissions, roles }) => permissions !== undefined || roles !== undefined,
    'Say what the owner may do there: permissions, roles or both; [] is nothing.',
  );

/** What an owner may do where, as every operation on owners takes it. */
export type MembershipInput = z.infer<typeof membershipSchema>;

/** Fields that users, service accounts and external owners have in common. */
export const ownerFields = {
  memberships: z
    .array(membershipSchema)
    .max(200)
    .optional()
    .describe('All memberships within the reach of the caller: one that is missing is cut'),
  workspace: workspaceSchema.optional().describe('With permissions or roles: short for exactly one membership'),
  permissions: permissionListSchema.optional(),
  roles: rolesSchema.optional(),
  disabled: z.boolean().optional().describe('true stops every token of the owner now; only false lets them work again'),
  metadata: metadataSchema.optional(),
};

interface MembershipsInput {
  readonly memberships?: readonly MembershipInput[] | undefined;
  readonly workspace?: MembershipInput['workspace'] | undefined;
  readonly permissions?: readonly string[] | undefined;
  readonly roles?: readonly string[] | undefined;
}

/** A membership and where in the input it stands. */
export interface MembershipWish {
  readonly workspace: MembershipInput['workspace'];
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
  /** `memberships.3.`, or nothing for the short form. */
  readonly path: string;
}

/**
 * The whole set of memberships that was asked for; null when nothing was said about them.
 * @throws {Rejection} `invalid_input` for half of the short form, or for both forms at once.
 */
export function readMemberships(input: MembershipsInput): readonly MembershipWish[] | null {
  const { memberships, workspace, permissions, roles } = input;
  const isShort = workspace !== undefined || permissions !== undefined || roles !== undefined;
  if (memberships !== undefined) {
    if (isShort) throw invalidInput('memberships', 'Give either memberships, or workspace with permissions or roles.');
    return memberships.map((one, index) => wish(one, `memberships.${index}.`));
  }
  if (!isShort) return null;
  if (workspace === undefined)
    throw invalidInput('workspace', 'Say in which workspace: {"external_id": …} or {"id": …}.');
  if (permissions === undefined && roles === undefined) {
    throw invalidInput('permissions', 'Say what the owner may do there: permissions, roles or both; [] is nothing.');
  }
  return [wish({ workspace, permissions: permissions && [...permissions], roles: roles && [...roles] }, '')];
}

function wish({ workspace, permissions, roles }: MembershipInput, path: string): MembershipWish {
  return { workspace, permissions: [...new Set(permissions ?? [])], roles: [...new Set(roles ?? [])], path };
}
