import type { CallerOf } from '../http/index.ts';
import { type Engine, Rejection, signedInCaller } from '../manage/index.ts';

/** An owner whom the application has signed in itself, by the application's own ids. */
export interface HostedOwner {
  readonly external_id: string;
  /** Needed where the owner is a member of several workspaces. */
  readonly workspace?: { readonly external_id: string };
}

export interface OwnersOfHost {
  /**
   * The caller for requests of an owner whom the application has signed in: it manages its own tokens and nothing else.
   * Pass it to `handler` (`{ caller }`), which then asks for no token. Keyhouse must have been told of the owner before
   * (`owners.put`); the owner's permissions are looked up with every operation.
   * @throws {Rejection} `not_found` for an owner Keyhouse does not know, `conflict` where the workspace must be named.
   */
  callerFor(owner: HostedOwner): Promise<CallerOf>;
}

export function ownersOfHost({ store }: Pick<Engine, 'store'>): OwnersOfHost {
  return {
    async callerFor({ external_id: externalId, workspace: asked }) {
      const owner = await store.owners.find({ externalId });
      if (owner === null) throw new Rejection('not_found', 'Keyhouse has not been told of this owner: put it first.');
      const workspace =
        asked === undefined ? null : await store.owners.findWorkspace({ externalId: asked.external_id });
      const memberships = await store.owners.memberships(owner.id);
      const [membership, second] =
        asked === undefined ? memberships : memberships.filter((one) => one.workspaceId === workspace?.id);
      if (membership === undefined) throw new Rejection('not_found', 'This owner is not a member of that workspace.');
      if (second !== undefined)
        throw new Rejection('conflict', 'This owner is a member of several workspaces: say which.');
      const { workspaceId } = membership;
      return (circumstances) =>
        signedInCaller({ ownerId: owner.id, workspaceId, actor: { kind: 'external', id: externalId } }, circumstances);
    },
  };
}
