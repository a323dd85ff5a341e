import { z } from 'zod';
import { formatInstant } from '../policy/index.ts';
import type { MailRecord } from '../ports/index.ts';
import { requireInstallation } from './caller.ts';
import { nextCursor, pageRequest } from './cursor.ts';
import { defineOperation } from './operation.ts';
import { listSchema, pageSchema, timeSchema } from './schemas.ts';

const inputSchema = z.strictObject({
  ...pageSchema,
  state: z.enum(['pending', 'sent', 'given_up']).optional(),
});
type Input = z.infer<typeof inputSchema>;

const mailSchema = z
  .object({
    id: z.string().describe('Also in its Message-ID'),
    template: z.string().describe('What it is about: invitation, password_reset …'),
    to: z.string(),
    state: z.enum(['pending', 'sent', 'given_up']).describe('`sent`: the mail server has taken it'),
    attempts: z.int().describe('How often sending was begun'),
    last_error: z.string().nullable().describe('Why the last attempt failed'),
    created_at: timeSchema,
    next_attempt_at: timeSchema.nullable().describe('null unless pending'),
    sent_at: timeSchema.nullable(),
  })
  .meta({ id: 'Mail' });
export type MailWire = z.infer<typeof mailSchema>;

export interface Output {
  readonly data: MailWire[];
  readonly next_cursor: string | null;
}

/** What was mailed lately and what became of it, newest first; never what stood in it. */
export const listMails = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'listMails',
  summary: 'List mails and what became of them',
  access: { needs: 'keyhouse-mail:read' },
  effect: 'reads',
  input: inputSchema,
  output: listSchema(mailSchema),
  run: async (engine, caller, input) => {
    requireInstallation(caller);
    const { limit: _limit, cursor: _cursor, ...asked } = input;
    const request = pageRequest(engine, caller, 'mails', asked, input);
    const page = await engine.store.mails.list({ ...(input.state !== undefined && { state: input.state }) }, request);
    return { data: page.rows.map(mailWire), next_cursor: nextCursor(engine, caller, 'mails', asked, page) };
  },
});

function mailWire(mail: MailRecord): MailWire {
  return {
    id: mail.id,
    template: mail.template,
    to: mail.to,
    state: mail.state,
    attempts: mail.attempts,
    last_error: mail.lastError,
    created_at: formatInstant(mail.createdAt),
    next_attempt_at: mail.state === 'pending' ? formatInstant(mail.nextAt) : null,
    sent_at: mail.sentAt === null ? null : formatInstant(mail.sentAt),
  };
}
