import { z } from 'zod';
import { defineOperation, listSchema, nextCursor, pageRequest, pageSchema } from '../manage/index.ts';
import { describeInvitations, invitationSchema } from './invitation-wire.ts';

const inputSchema = z.strictObject({ ...pageSchema });
const outputSchema = listSchema(invitationSchema);

/** Invitations that nobody has accepted yet and that have not expired, newest first. */
export const listInvitations = defineOperation<
  z.infer<typeof inputSchema>,
  z.infer<typeof outputSchema>,
  z.input<typeof inputSchema>
>({
  id: 'listInvitations',
  summary: 'List open invitations',
  access: { needs: 'keyhouse-users:read' },
  effect: 'reads',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const filter = {
      now: engine.clock.now(),
      ...(caller.reach !== 'installation' && { workspaceId: caller.reach.workspaceId }),
    };
    const page = await engine.store.people.listInvitations(
      filter,
      pageRequest(engine, caller, 'invitations', {}, input),
    );
    return {
      data: await describeInvitations(engine, page.rows),
      next_cursor: nextCursor(engine, caller, 'invitations', {}, page),
    };
  },
});
