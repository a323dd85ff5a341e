/**
 * `npm run screenshots` draws the main pages of the dashboard into `docs/screenshots`, in both looks and on a narrow screen, from
 * a house with sample rows. Prevents pictures of a product that is no longer there. `npm run screenshots -- tokens` draws one.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DashboardHouse, openDashboardHouse, type Visit } from '../test/dashboard/house.ts';
import { addSampleRows } from './sample-rows.ts';

interface Picture {
  /** Name of the file, without its look and ending. */
  readonly name: string;
  readonly path: string;
  /** Preset; the neutral profile unless another is the point of the picture. */
  readonly profile?: string;
  readonly signedIn?: false;
  /** Nobody is set up yet. */
  readonly isEmpty?: true;
  /** What a person does before the picture is taken: by role and label, in the words on the page. */
  readonly before?: (visit: Visit, house: DashboardHouse) => Promise<void>;
}

/** The pages that have a picture. A new page adds a row. */
const PICTURES: readonly Picture[] = [
  { name: 'sign-in', path: '/sign-in', signedIn: false, profile: 'hosting' },
  { name: 'set-up', path: '/set-up', signedIn: false, isEmpty: true },
  { name: 'overview', path: '/' },
  { name: 'refused-requests', path: '/denials' },
  { name: 'audit-log', path: '/audit' },
  { name: 'tokens', path: '/tokens' },
  { name: 'tokens-deployerp', path: '/tokens', profile: 'deployerp' },
  {
    name: 'new-token',
    path: '/tokens/new?name=monitoring-key&permissions=servers:read,instances:read,backups:read',
    profile: 'deployerp',
  },
  { name: 'token', path: '/tokens?search=nightly', profile: 'deployerp', before: openToken },
  {
    name: 'token-usage',
    path: '/tokens?search=nightly',
    profile: 'deployerp',
    before: async (visit) => {
      await openToken(visit);
      await visit.page.getByRole('tab', { name: 'Usage' }).click();
      await visit.page.getByRole('img', { name: /accepted/ }).waitFor();
    },
  },
  {
    name: 'token-revoke',
    path: '/tokens?search=nightly',
    profile: 'deployerp',
    before: async (visit) => {
      await openToken(visit);
      await visit.page.getByRole('button', { name: 'Revoke', exact: true }).click();
      await visit.page.getByText(/in the last 24 hours/).waitFor();
    },
  },
  { name: 'people', path: '/people' },
  {
    name: 'user',
    path: '/people?search=easley',
    before: async ({ page }) => {
      await page.getByRole('link', { name: 'Annie Easley' }).click();
      await page.getByRole('heading', { name: 'Workspaces and roles' }).waitFor();
    },
  },
  { name: 'roles', path: '/roles' },
  { name: 'workspaces', path: '/workspaces' },
  { name: 'webhooks', path: '/webhooks' },
  { name: 'account', path: '/account' },
  {
    name: 'portal',
    path: '/portal',
    profile: 'deployerp',
    signedIn: false,
    before: async ({ page }, house) => {
      const owner = { external_id: 'user-7' };
      const workspace = { external_id: 'org-7', name: 'Northwind' };
      const permissions = ['servers:read', 'instances:read', 'backups:read'];
      await house.call('PUT', '/v1/owners/user-7', { name: 'Grace Hopper', workspace, permissions });
      const { data } = await house.call<{ data: unknown[] }>('GET', '/v1/api-keys?owner_external_id=user-7');
      for (const name of data.length > 0 ? [] : ['Backup watcher', 'Nightly deploys']) {
        await house.call('POST', '/v1/api-keys', { name, owner, permissions });
      }
      const { link } = await house.call<{ link: string }>('POST', '/v1/portal-sessions', { owner });
      await page.goto(`${house.dashboard}${link}`);
      await page.getByText('Nightly deploys').waitFor();
    },
  },
];

async function openToken({ page }: Visit): Promise<void> {
  await page.getByRole('link', { name: 'nightly deploys' }).click();
  await page
    .getByText(/left now/)
    .first()
    .waitFor();
  await page.waitForLoadState('networkidle');
}

const LOOKS = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1280, height: 800 } } },
  { name: 'dark', options: { colorScheme: 'dark', viewport: { width: 1280, height: 800 } } },
  { name: 'narrow', options: { colorScheme: 'light', viewport: { width: 390, height: 844 } } },
] as const;

async function draw(pictures: readonly Picture[], folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const houses = Map.groupBy(pictures, ({ profile = 'keyhouse', isEmpty = false }) => `${profile} ${isEmpty}`);
  for (const [first, ...more] of houses.values()) {
    if (first === undefined) continue;
    const { profile = 'keyhouse', isEmpty = false } = first;
    const house = await openDashboardHouse({ profile, isEmpty });
    try {
      if (!isEmpty) await addSampleRows(house);
      for (const picture of [first, ...more]) await drawInEveryLook(house, picture, folder);
    } finally {
      await house.close();
    }
  }
}

async function drawInEveryLook(house: DashboardHouse, picture: Picture, folder: string): Promise<void> {
  for (const { name, options } of LOOKS) {
    const settled = { ...options, reducedMotion: 'reduce' as const };
    const visit =
      picture.signedIn === false
        ? await house.visit(picture.path, settled)
        : await house.visitSignedIn(picture.path, settled);
    await visit.page.waitForLoadState('networkidle');
    await picture.before?.(visit, house);
    const path = join(folder, `${picture.name}-${name}.png`);
    await visit.page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    console.log(path);
    await visit.close();
  }
}

const asked = process.argv.slice(2);
const chosen = PICTURES.filter(({ name }) => asked.length === 0 || asked.includes(name));
if (chosen.length === 0) {
  console.error(`There is no picture of that name. There are: ${PICTURES.map(({ name }) => name).join(', ')}`);
  process.exitCode = 1;
} else {
  await draw(chosen, join(import.meta.dirname, '../docs/screenshots'));
}
