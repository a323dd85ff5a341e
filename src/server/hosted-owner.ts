import type { CallerOf } from '../http/index.ts';
import { type OwnerWire, Rejection, signedInCaller } from '../manage/index.ts';

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

/** @param read performs `readOwner` as the application. */
export function ownersOfHost(read: (input: { external_id: string }) => Promise<OwnerWire>): OwnersOfHost {
  return {
    async callerFor({ external_id: externalId, workspace: asked }) {
      const owner = await read({ external_id: externalId }).catch((error: unknown) => {
        if (!(error instanceof Rejection) || error.code !== 'not_found') throw error;
        throw new Rejection('not_found', 'Keyhouse has not been told of this owner: put it first.');
      });
      const [membership, second] = owner.memberships.filter(
        ({ workspace }) => asked === undefined || workspace.external_id === asked.external_id,
      );
      if (membership === undefined) throw new Rejection('not_found', 'This owner is not a member of that workspace.');
      if (second !== undefined)
        throw new Rejection('conflict', 'This owner is a member of several workspaces: say which.');
      const of = { ownerId: owner.id, workspaceId: membership.workspace.id };
      return (circumstances) => signedInCaller({ ...of, actor: { kind: 'external', id: externalId } }, circumstances);
    },
  };
}
