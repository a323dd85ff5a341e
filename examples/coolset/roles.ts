import { coolset } from 'keyhouse';

/** What somebody may be in a company. */
export const ROLE_NAMES = ['viewer', 'editor', 'admin'] as const;
export type RoleName = (typeof ROLE_NAMES)[number];

/** The levels of a token are what roles are made of too: a viewer may do what a token of the level read may. */
export const ROLES: Readonly<
  Record<RoleName, { readonly inKeyhouse: string; readonly permissions: readonly string[] }>
> = {
  viewer: { inKeyhouse: 'viewer', permissions: permissionsOf('read') },
  editor: { inKeyhouse: 'editor', permissions: permissionsOf('write') },
  // The role that Keyhouse calls admin manages Keyhouse itself. It is for whoever runs it, and not for its customers.
  admin: { inKeyhouse: 'company-admin', permissions: permissionsOf('admin') },
};

/** Whoever runs Keyhouse. */
export const OPERATOR_ROLE = 'admin';

/** What somebody may do in a company, as Keyhouse keeps it. */
export interface Membership {
  readonly workspace: { readonly id: string; readonly name: string };
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
}

/** The highest role that a membership has; null where what it allows was given in another way. */
export function roleOf({ roles }: Pick<Membership, 'roles'>): RoleName | null {
  if (roles.includes(OPERATOR_ROLE)) return 'admin';
  return ROLE_NAMES.findLast((name) => roles.includes(ROLES[name].inKeyhouse)) ?? null;
}

/** Everything a membership allows; null for who may also manage Keyhouse, or whatever else a role of another name allows. */
export function powerOf({ permissions, roles }: Membership): readonly string[] | null {
  const known = roles.map((held) => ROLE_NAMES.find((name) => ROLES[name].inKeyhouse === held));
  if (known.includes(undefined)) return null;
  return [...permissions, ...known.flatMap((name) => (name === undefined ? [] : ROLES[name].permissions))];
}

function permissionsOf(wanted: string): readonly string[] {
  return coolset.levels.find(({ level }) => level === wanted)?.permissions ?? [];
}
