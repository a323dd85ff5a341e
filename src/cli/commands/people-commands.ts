import type { CommandSpec } from '../command.ts';
import { dashboardOf } from '../dashboard-address.ts';
import { guaranteeLine } from '../lines.ts';
import { readList } from '../options.ts';
import { requireAccount } from '../references.ts';
import { table } from '../table.ts';

/** How a person comes in, or in again; the rest of a user's life is like any account's. */

const USER = { syntax: '<user>', about: 'Id (usr_…) or e-mail address.' };

interface Invitation {
  readonly email: string;
  readonly workspace: { readonly name: string };
  readonly expires_at: string;
  readonly mailed: boolean;
  readonly link: string | null;
}

const invite: CommandSpec = {
  name: 'invite',
  args: [{ syntax: '<email>', about: 'Of the person.' }],
  about: 'Invite a person into a workspace.',
  details:
    'Prints a link, good once and for seven days, where no mail is set up. Whoever has the link can use it: hand it to that person alone.',
  options: [
    { flags: '--name <name>', about: 'What people know them by; they can change it.' },
    { flags: '--workspace <workspace>', about: 'By id (wsp_…); the home workspace when not named.' },
    {
      flags: '--permissions <list>',
      about: 'What they may do there, such as servers:read,servers:write.',
      reads: readList,
    },
    { flags: '--roles <list>', about: 'Roles there, such as admin, support or member.', reads: readList },
  ],
  examples: ['keyhouse user invite ops@example.com --roles admin'],
  reach: 'anywhere',
  async run(call) {
    const body = {
      email: call.argument(0),
      name: call.option('name'),
      workspace_id: call.option('workspace'),
      permissions: call.option<string[]>('permissions'),
      roles: call.option<string[]>('roles'),
    };
    const reply = await call.ask({ method: 'POST', path: '/v1/invitations', body });
    const base = await dashboardOf(await call.config());
    return call.show<Invitation>(reply, ({ email, workspace, link, mailed, expires_at: until }) =>
      mailed || link === null
        ? `A mail to ${email} is on its way: it leads into ${workspace.name} until ${until}.\n`
        : `${base}${link}\n\nNo mail is set up, so hand this link to ${email} yourself. It leads into ${workspace.name}, once, until ${until}.\n`,
    );
  },
};

const resetPassword: CommandSpec = {
  name: 'reset-password',
  args: [USER],
  about: 'Print a link with which a user sets a new password.',
  details:
    'The way back in for whoever has lost the password, or has none yet. The link is good once and for an hour; using it ends every session of the user.',
  examples: ['keyhouse user reset-password ops@example.com'],
  reach: 'here',
  async run(call) {
    const id = await requireAccount(call, 'user', call.argument(0));
    const reply = await call.ask({ method: 'POST', path: `/v1/users/${id}/password-reset` });
    const base = await dashboardOf(await call.config());
    return call.show<{ link: string; expires_at: string }>(
      reply,
      ({ link, expires_at: until }) => `${base}${link}\n\nGood once, until ${until}.\n`,
    );
  },
};

/** Takes away one of the ways in. */
function removal(name: string, resource: string, about: string): CommandSpec {
  return {
    name,
    args: [USER],
    about,
    examples: [`keyhouse user ${name} ops@example.com`],
    reach: 'anywhere',
    async run(call) {
      const id = await requireAccount(call, 'user', call.argument(0));
      const reply = await call.ask({ method: 'DELETE', path: `/v1/users/${id}/${resource}` });
      return call.show<{ removed: boolean; guarantee: { class: string; milliseconds: number } }>(
        reply,
        ({ removed, guarantee }) => `${removed ? 'Removed.' : 'There was none.'}${guaranteeLine(guarantee)}\n`,
      );
    },
  };
}

interface SessionWire {
  readonly id: string;
  readonly created_at: string;
  readonly last_used_at: string;
  readonly ip: string | null;
  readonly user_agent: string | null;
}

const sessions: CommandSpec = {
  name: 'sessions',
  args: [USER],
  about: 'Show where a user is signed in to the dashboard, newest first.',
  examples: ['keyhouse user sessions ops@example.com'],
  reach: 'anywhere',
  async run(call) {
    const id = await requireAccount(call, 'user', call.argument(0));
    const reply = await call.ask({ method: 'GET', path: `/v1/users/${id}/sessions` });
    return call.show<{ data: readonly SessionWire[] }>(reply, ({ data }) =>
      data.length === 0
        ? 'Nowhere.\n'
        : table(
            data,
            [
              { title: 'ID', of: (one) => one.id },
              { title: 'SIGNED IN', of: (one) => one.created_at },
              { title: 'LAST USED', of: (one) => one.last_used_at },
              { title: 'FROM', of: (one) => one.ip },
              { title: 'BROWSER', of: (one) => one.user_agent },
            ],
            call.paint,
          ),
    );
  },
};

const signOut: CommandSpec = {
  name: 'sign-out',
  args: [USER],
  about: 'End every session of a user at the dashboard. The user can sign in again.',
  examples: ['keyhouse user sign-out ops@example.com'],
  reach: 'anywhere',
  async run(call) {
    const id = await requireAccount(call, 'user', call.argument(0));
    const reply = await call.ask({ method: 'DELETE', path: `/v1/users/${id}/sessions` });
    return call.show<{ ended_ids: readonly string[]; guarantee: { class: string; milliseconds: number } }>(
      reply,
      ({ ended_ids: ids, guarantee }) =>
        `${ids.length === 0 ? 'There was none.' : `Ended: ${ids.length}.`}${guaranteeLine(guarantee)}\n`,
    );
  },
};

export const peopleCommands: readonly CommandSpec[] = [
  invite,
  resetPassword,
  removal(
    'remove-second-factor',
    'second-factor',
    'Let a user who has lost the second factor sign in with the password alone.',
  ),
  removal(
    'remove-single-sign-on',
    'single-sign-on',
    'Forget which account of the OpenID provider is this user, for somebody who has a new one there.',
  ),
  sessions,
  signOut,
];
