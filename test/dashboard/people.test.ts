import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { type DashboardHouse, openDashboardHouse, type Visit } from './house.ts';

const PASSWORD = 'four words of their own';
const MAY = ['servers:read', 'servers:write'];

suiteNeeding('chromium', 'looking after people in the dashboard', () => {
  let house: DashboardHouse;
  let home: string;
  let sentFirst: string;
  let sentAgain: string;
  beforeAll(async () => {
    house = await openDashboardHouse();
    const { data } = await house.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
    home = data[0]?.id ?? '';
  }, 120_000);
  afterAll(() => house?.close());

  const addUser = (name: string, may: object = { permissions: MAY }) =>
    house.call<{ id: string }>('POST', '/v1/users', {
      email: `${name.toLowerCase().replaceAll(' ', '.')}@example.com`,
      name,
      workspace: { id: home },
      ...may,
    });
  const tokenOf = async (owner: { readonly id: string }, workspaceId = home) => {
    const made = await house.call<{ value: string }>('POST', '/v1/tokens', {
      name: 'robot',
      permissions: MAY,
      owner: { id: owner.id },
      workspace: { id: workspaceId },
    });
    return made.value;
  };
  const statusOf = async (value: string) =>
    (await fetch(`${house.api}/v1/auth/test`, { headers: { Authorization: `Bearer ${value}` } })).status;
  const permissionsOf = (value: string) =>
    house.call<{ allowed: boolean }>('POST', '/v1/tokens/verify', { token: value, all_of: ['servers:write'] });
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const confirm = (page: Page, name: string) => page.getByRole('alertdialog').getByRole('button', { name }).click();
  const done = async (visit: Visit) => {
    await visit.expectAccessible();
    visit.expectQuiet();
    await visit.close();
  };

  it('invites somebody with a link that is shown once, and with another one', async () => {
    const visit = await house.visitSignedIn('/people');
    const { page } = visit;
    await press(page, 'Invite somebody');
    await page.getByRole('textbox', { name: 'E-mail' }).fill('grace@example.com');
    await page.getByRole('checkbox', { name: 'support' }).check();
    await page.getByRole('checkbox', { name: 'member' }).uncheck();
    await press(page, 'Invite');
    const link = await page.getByLabel('Invitation link').inputValue();
    expect(link).toMatch(new RegExp(`^${house.dashboard}/invitation#khcl_`));
    await visit.expectAccessible();
    await press(page, 'Done');
    expect(await page.content()).not.toContain(link.split('#')[1]);

    await page.getByRole('tab', { name: 'Pending invitations' }).click();
    await page.getByRole('row', { name: /grace@example\.com/ }).waitFor();
    await press(page, 'Send again');
    sentAgain = await page.getByLabel('Invitation link').inputValue();
    await press(page, 'Done');
    sentFirst = link;
    await done(visit);
  });

  it('lets in who was invited, with a password of their own, and only by the newest link', async () => {
    const guest = await house.visit(new URL(sentFirst).pathname + new URL(sentFirst).hash);
    expect(guest.page.url()).toBe(`${house.dashboard}/invitation`);
    await guest.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await press(guest.page, 'Accept the invitation');
    await guest.page.getByRole('heading', { name: 'This invitation cannot be used' }).waitFor();
    // Another link in the same tab.
    await guest.page.goto(sentAgain);
    await guest.page.getByRole('heading', { name: 'You are invited to Keyhouse' }).waitFor();
    await press(guest.page, 'Accept the invitation');
    await guest.page.getByText('Choose a password.').first().waitFor();
    await guest.page.getByLabel('Your name').fill('Grace Hopper');
    await guest.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await press(guest.page, 'Accept the invitation');
    await guest.page.getByRole('button', { name: 'Grace Hopper grace@example.com Account menu' }).waitFor();
    expect(await guest.page.evaluate('location.href + JSON.stringify(history.state)')).not.toContain('khcl_');
    // Somebody who looks and never changes.
    await guest.page.getByRole('link', { name: 'Users' }).click();
    await guest.page.getByRole('link', { name: 'Grace Hopper' }).waitFor();
    expect(await guest.page.getByRole('button', { name: 'Invite somebody' }).count()).toBe(0);
    await done(guest);
  });

  it('withdraws an invitation, whose link then leads nowhere', async () => {
    const { link } = await house.call<{ link: string }>('POST', '/v1/invitations', { email: 'eve@example.com' });
    const visit = await house.visitSignedIn('/people?tab=invitations');
    const { page } = visit;
    await page
      .getByRole('row', { name: /eve@example\.com/ })
      .getByRole('button', { name: 'Withdraw' })
      .click();
    await confirm(page, 'Withdraw');
    await page.getByRole('row', { name: /eve@example\.com/ }).waitFor({ state: 'detached' });
    await page.goto(`${house.dashboard}${link}`);
    await press(page, 'Accept the invitation');
    await page.getByRole('heading', { name: /cannot be used|have an account/ }).waitFor();
    await done(visit);
  });

  it('row 29: whose user is demoted or disabled by a button, their token is refused at the very next call', async () => {
    const user = await addUser('Alan Turing');
    const value = await tokenOf(user);
    const visit = await house.visitSignedIn('/people');
    const { page } = visit;
    await page.getByRole('searchbox', { name: 'Search users' }).fill('turing');
    await page.getByRole('link', { name: 'Alan Turing' }).click();
    await page.getByRole('heading', { name: /Alan Turing/, level: 1 }).waitFor();
    await page.getByRole('link', { name: 'robot' }).waitFor();
    expect((await permissionsOf(value)).allowed).toBe(true);
    await press(page, 'Change');
    await page.getByRole('button', { name: 'Take out servers:write' }).click();
    await page.getByText('You are taking something away.').waitFor();
    await press(page, 'Save');
    await page.getByText('Saved. In force now').waitFor();
    expect((await permissionsOf(value)).allowed).toBe(false);

    await press(page, 'Disable');
    await page.getByText('The one token of Alan Turing stops at once').waitFor();
    await confirm(page, 'Disable');
    await page.getByText('Alan Turing is disabled. In force now').waitFor();
    expect(await statusOf(value)).toBe(401);
    await press(page, 'Enable');
    await confirm(page, 'Enable');
    await page.getByText('Alan Turing is enabled again.').waitFor();
    expect(await statusOf(value)).toBe(200);
    await done(visit);
  });

  it('row 29: who is taken out of a workspace or deleted by a button has no token that works there', async () => {
    const user = await addUser('Dorothy Vaughan');
    const value = await tokenOf(user);
    const visit = await house.visitSignedIn(`/people/${user.id}`);
    const { page } = visit;
    await press(page, 'Remove');
    await confirm(page, 'Remove');
    await page.getByText('Dorothy Vaughan is in no workspace').waitFor();
    expect(await statusOf(value)).toBe(401);
    await press(page, 'More actions');
    await page.getByRole('menuitem', { name: 'Sign out everywhere' }).click();
    await confirm(page, 'Sign out');
    await page.getByText('Dorothy Vaughan was signed in nowhere.').waitFor();
    await press(page, 'More actions');
    await page.getByRole('menuitem', { name: 'Delete user' }).click();
    await confirm(page, 'Delete');
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
    await page.getByRole('searchbox', { name: 'Search users' }).fill('vaughan');
    await page.getByRole('heading', { name: 'Nobody like that' }).waitFor();
    await done(visit);
  });

  it('hands over a link for a new password, good once, and says so when it is opened again', async () => {
    const user = await addUser('Mary Jackson', { roles: ['member'] });
    const visit = await house.visitSignedIn(`/people/${user.id}`);
    const { page } = visit;
    await press(page, 'More actions');
    await page.getByRole('menuitem', { name: 'Reset password' }).click();
    await confirm(page, 'Make a link');
    const link = await page.getByLabel('Link for a new password').inputValue();
    await done(visit);
    const hers = await house.visit(`/reset-password#${link.split('#')[1]}`);
    expect(hers.page.url()).toBe(`${house.dashboard}/reset-password`);
    await hers.page.getByLabel('New password').fill('short');
    await press(hers.page, 'Set password');
    await hers.page.locator('input[aria-invalid=true]').waitFor();
    await hers.page.getByLabel('New password').fill(PASSWORD);
    await press(hers.page, 'Set password');
    await hers.page.getByRole('heading', { name: 'Your new password is set' }).waitFor();
    await hers.expectAccessible();
    await hers.page.goto(link);
    await hers.page.getByLabel('New password').fill(PASSWORD);
    await press(hers.page, 'Set password');
    await hers.page.getByRole('heading', { name: 'This link cannot be used' }).waitFor();
    await hers.page.getByRole('link', { name: 'Ask for a new link' }).click();
    // Row 100b: nobody is told who there is.
    await hers.page.getByText('This site sends no mail.').waitFor();
    await done(hers);
  });

  it('gives a service account what it may do, and takes a role apart for everybody who has it', async () => {
    const role = await house.call<{ id: string }>('POST', '/v1/roles', { name: 'deployer', permissions: MAY });
    const visit = await house.visitSignedIn('/service-accounts');
    const { page } = visit;
    await page.getByRole('heading', { name: 'No service accounts yet' }).waitFor();
    await page.getByRole('button', { name: 'Create service account' }).first().click();
    await press(page, 'Create');
    await page.getByText('Give it a name.').waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('nightly backups');
    await page.getByRole('checkbox', { name: 'deployer' }).check();
    await press(page, 'Create');
    await page.getByRole('heading', { name: /nightly backups/, level: 1 }).waitFor();
    await visit.expectAccessible();
    const value = await tokenOf({ id: new URL(page.url()).pathname.split('/').at(-1) ?? '' });

    await page.getByRole('link', { name: 'Roles' }).click();
    await page
      .getByRole('row', { name: /deployer/ })
      .getByRole('button', { name: 'Change' })
      .click();
    await page.getByText('One has this role: nightly backups.').waitFor();
    await page.getByRole('button', { name: 'Take out servers:write' }).click();
    await page.getByText('can no longer do: servers:write').waitFor();
    await visit.expectAccessible();
    await press(page, 'Observe first');
    await page.getByText('Nothing is refused yet.').waitFor();
    expect((await permissionsOf(value)).allowed).toBe(true);
    await page
      .getByRole('row', { name: /deployer/ })
      .getByRole('button', { name: 'Change' })
      .click();
    await page.getByRole('button', { name: 'Take out servers:write' }).click();
    await press(page, 'Take away now');
    await page.getByText('Saved. In force now').waitFor();
    expect((await permissionsOf(value)).allowed).toBe(false);
    await page
      .getByRole('row', { name: /deployer/ })
      .getByRole('button', { name: 'Delete' })
      .click();
    await confirm(page, 'Delete');
    await page.getByRole('alertdialog').getByRole('alert').getByText(/role/).waitFor();
    await confirm(page, 'Cancel');
    expect(role.id).toMatch(/^rol_/);
    await done(visit);
  });

  it('makes, renames and stops a workspace, and stops an owner that the provider told of', async () => {
    const visit = await house.visitSignedIn('/workspaces');
    const { page } = visit;
    await press(page, 'Create workspace');
    await page.getByRole('textbox', { name: 'Name' }).fill('Harbour');
    await page.getByRole('textbox', { name: 'Id in your system' }).fill('org-7');
    await press(page, 'Create');
    const memberships = [{ workspace: { external_id: 'org-7' }, permissions: MAY }];
    const owner = await house.call<{ id: string; memberships: { workspace: { id: string } }[] }>(
      'PUT',
      '/v1/owners/user%2F42',
      { name: 'Katherine', memberships },
    );
    const value = await tokenOf(owner, owner.memberships[0]?.workspace.id);
    await page.getByRole('link', { name: 'Harbour' }).click();
    await press(page, 'Rename');
    await page.getByRole('textbox', { name: 'Name' }).fill('Harbour Logistics');
    await press(page, 'Save');
    await page.getByRole('heading', { name: /Harbour Logistics/, level: 1 }).waitFor();
    await press(page, 'Disable');
    await page.getByText('The one token of Harbour Logistics stops at once').waitFor();
    await confirm(page, 'Disable');
    await page.getByText('Harbour Logistics is disabled.').waitFor();
    expect(await statusOf(value)).toBe(401);
    await press(page, 'Enable');
    await confirm(page, 'Enable');
    await page.getByText('Harbour Logistics is enabled again.').waitFor();
    expect(await statusOf(value)).toBe(200);
    await page.getByRole('tab', { name: 'Owners from your system' }).click();
    await page.getByRole('link', { name: 'Katherine' }).click();
    await page.getByRole('heading', { name: /Katherine/, level: 1 }).waitFor();
    await visit.expectAccessible();
    await press(page, 'Disable');
    await confirm(page, 'Disable');
    await page.getByText('Katherine is disabled.').waitFor();
    expect(await statusOf(value)).toBe(401);
    await done(visit);
  });

  it('rows 55 and 100e: shows names that would be code as text, and refuses those that turn text around', async () => {
    const evil = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "javascript:alert('1')", '{{7*7}}'];
    const visit = await house.visitSignedIn('/people');
    const { page } = visit;
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    const { id } = await house.call<{ id: string }>('POST', '/v1/users', {
      email: 'odd@example.com',
      name: evil[0],
      workspace: { id: home },
      permissions: MAY,
    });
    await house.call('POST', '/v1/roles', { name: evil[1], permissions: [] });
    await house.call('POST', '/v1/service-accounts', { name: evil[2], workspace: { id: home }, permissions: [] });
    await house.call('POST', '/v1/workspaces', { name: evil[3], external_id: '<b>' });
    for (const [path, name] of [
      [`/people/${id}`, evil[0]],
      ['/people', evil[0]],
      ['/roles', evil[1]],
      ['/service-accounts', evil[2]],
      ['/workspaces', evil[3]],
    ] as const) {
      await page.goto(`${house.dashboard}${path}`);
      await page
        .getByText(name as string, { exact: true })
        .first()
        .waitFor();
    }
    expect(await page.locator('main img, main script').count()).toBe(0);
    await press(page, 'Create workspace');
    await page.getByRole('textbox', { name: 'Name' }).fill('evil\u202Etxt.exe');
    await press(page, 'Create');
    await page.locator('input[aria-invalid=true]').waitFor();
    expect(dialogs).toEqual([]);
    await done(visit);
  });

  it('row 30c: lets one of two set up, and tells the other', async () => {
    const empty = await openDashboardHouse({ isEmpty: true });
    const visits = await Promise.all([1, 2].map(() => empty.visit(`/#${empty.setUpCode}`)));
    for (const [index, { page }] of visits.entries()) {
      await page.getByLabel('Your e-mail').fill(`admin${index}@example.com`);
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByLabel('Company').fill('Example Ltd');
    }
    await Promise.all(visits.map(({ page }) => press(page, 'Become the administrator')));
    const outcomes = await Promise.all(
      visits.map(async ({ page }) => {
        const shown = page.getByLabel('Your new management token');
        const refused = page.getByText(/administrator already|set-up code is wrong/);
        await shown.or(refused).first().waitFor();
        return shown.isVisible();
      }),
    );
    expect(outcomes.toSorted()).toEqual([false, true]);
    await empty.close();
  });
});
