import type { ComponentType } from 'react';
import type { Session } from '../api/operations.ts';
import type { IconName } from '../ui/index.ts';
import { PEOPLE, type Words } from '../words.ts';

export interface NavEntry {
  /** Heading in the sidebar that it stands under; null is the top of the sidebar. */
  readonly section: string | null;
  readonly label: string;
  readonly icon: IconName;
}

export interface PageRow {
  /** Path in the address, with `$name` for parameters. */
  readonly path: string;
  /** Loaded when it is first visited. */
  readonly load: () => Promise<{ readonly default: ComponentType }>;
  /** Title of the tab; a page about one thing says its own with `usePageTitle`. */
  readonly title: (words: Words) => string;
  /** Its places in the sidebar; none for pages that are reached from another one. */
  readonly nav?: (words: Words) => readonly NavEntry[];
  /** Management permission without which, or without any of which, it is neither listed nor shown; everybody who is signed in otherwise. */
  readonly needs?: string | readonly string[];
}

/** Whoever could make one of the changes that are tried sees the trials of such changes. */
const TRIED_CHANGES = [
  'keyhouse-tokens:write',
  'keyhouse-owners:write',
  'keyhouse-users:write',
  'keyhouse-service-accounts:write',
  'keyhouse-roles:write',
  'keyhouse-profile:write',
];

/** Every page inside the shell, in the order of the sidebar. A new page is a row here and a file beside this one. */
export const PAGES: readonly PageRow[] = [
  {
    path: '/',
    load: () => import('./overview/overview.tsx'),
    title: () => 'Overview',
    nav: () => [{ section: null, label: 'Overview', icon: 'gauge' }],
  },
  {
    path: '/tokens',
    load: () => import('./tokens/token-list.tsx'),
    title: (words) => words.tokensTitle,
    nav: (words) => words.menuPaths.map(({ section, item }) => ({ section, label: item, icon: 'key' })),
  },
  { path: '/tokens/new', load: () => import('./tokens/new-token.tsx'), title: (words) => words.createButton },
  {
    path: '/alerts',
    load: () => import('./alerts/alert-list.tsx'),
    title: () => 'Alerts',
    nav: () => [{ section: 'Oversight', label: 'Alerts', icon: 'alert' }],
    needs: 'keyhouse-alerts:read',
  },
  {
    path: '/denials',
    load: () => import('./denials/denial-list.tsx'),
    title: () => 'Refused requests',
    nav: () => [{ section: 'Oversight', label: 'Refused requests', icon: 'shield' }],
    needs: 'keyhouse-denials:read',
  },
  {
    path: '/audit',
    load: () => import('./audit/audit-log.tsx'),
    title: () => 'Audit log',
    nav: () => [{ section: 'Oversight', label: 'Audit log', icon: 'list' }],
    needs: 'keyhouse-audit:read',
  },
  {
    path: '/mail',
    load: () => import('./mail/mail-list.tsx'),
    title: () => 'Mail',
    nav: () => [{ section: 'Oversight', label: 'Mail', icon: 'mail' }],
    needs: 'keyhouse-mail:read',
  },
  {
    path: '/trials',
    load: () => import('./trials/trials.tsx'),
    title: () => 'Trials',
    nav: () => [{ section: 'Oversight', label: 'Trials', icon: 'eye' }],
    needs: TRIED_CHANGES,
  },
  {
    path: '/tester',
    load: () => import('./tester/tester.tsx'),
    title: () => 'Tester',
    nav: () => [{ section: 'Oversight', label: 'Tester', icon: 'test' }],
  },
  { path: '/tokens/$id', load: () => import('./tokens/token-details.tsx'), title: (words) => words.Token },
  {
    path: '/tokens/$id/edit',
    load: () => import('./tokens/edit/edit-token.tsx'),
    title: (words) => `Edit ${words.token}`,
    needs: 'keyhouse-tokens:write',
  },
  {
    path: '/people',
    load: () => import('./people/people.tsx'),
    title: () => 'Users',
    nav: () => [{ section: PEOPLE, label: 'Users', icon: 'people' }],
    needs: 'keyhouse-users:read',
  },
  {
    path: '/people/$id',
    load: () => import('./people/user-record.tsx'),
    title: () => 'User',
    needs: 'keyhouse-users:read',
  },
  {
    path: '/service-accounts',
    load: () => import('./service-accounts/service-accounts.tsx'),
    title: () => 'Service accounts',
    nav: () => [{ section: PEOPLE, label: 'Service accounts', icon: 'system' }],
    needs: 'keyhouse-service-accounts:read',
  },
  {
    path: '/service-accounts/$id',
    load: () => import('./service-accounts/service-account-record.tsx'),
    title: () => 'Service account',
    needs: 'keyhouse-service-accounts:read',
  },
  {
    path: '/owners',
    load: () => import('./owners/owners.tsx'),
    title: () => 'Owners from your system',
    nav: () => [{ section: PEOPLE, label: 'Owners', icon: 'list' }],
    needs: 'keyhouse-owners:read',
  },
  {
    path: '/owners/$externalId',
    load: () => import('./owners/owner-record.tsx'),
    title: () => 'Owner',
    needs: 'keyhouse-owners:read',
  },
  {
    path: '/workspaces',
    load: () => import('./workspaces/workspaces.tsx'),
    title: () => 'Workspaces',
    nav: () => [{ section: PEOPLE, label: 'Workspaces', icon: 'building' }],
    needs: 'keyhouse-workspaces:read',
  },
  {
    path: '/workspaces/$id',
    load: () => import('./workspaces/workspace-record.tsx'),
    title: () => 'Workspace',
    needs: 'keyhouse-workspaces:read',
  },
  {
    path: '/roles',
    load: () => import('./roles/roles.tsx'),
    title: () => 'Roles',
    nav: () => [{ section: PEOPLE, label: 'Roles', icon: 'shield' }],
    needs: 'keyhouse-roles:read',
  },
  {
    path: '/webhooks',
    load: () => import('./webhooks/webhooks.tsx'),
    title: () => 'Webhooks',
    nav: () => [{ section: 'Settings', label: 'Webhooks', icon: 'activity' }],
    needs: 'keyhouse-webhooks:read',
  },
  {
    path: '/webhooks/$id',
    load: () => import('./webhooks/webhook-record.tsx'),
    title: () => 'Webhook',
    needs: 'keyhouse-webhooks:read',
  },
  { path: '/account', load: () => import('./account/account.tsx'), title: () => 'Your account' },
];

/** Pages for who is not signed in, outside the shell. */
export const OUTSIDE: readonly Omit<PageRow, 'nav' | 'needs'>[] = [
  { path: '/sign-in', load: () => import('./sign-in/sign-in.tsx'), title: () => 'Sign in' },
  { path: '/set-up', load: () => import('./set-up/set-up.tsx'), title: () => 'Set up Keyhouse' },
  { path: '/staff', load: () => import('./staff/staff.tsx'), title: () => 'Opening the dashboard' },
  { path: '/claim', load: () => import('./claim/claim.tsx'), title: () => 'New value' },
  { path: '/invitation', load: () => import('./invitation/invitation.tsx'), title: () => 'Invitation' },
  {
    path: '/forgot-password',
    load: () => import('./reset-password/forgot-password.tsx'),
    title: () => 'Forgot your password?',
  },
  { path: '/reset-password', load: () => import('./reset-password/reset-password.tsx'), title: () => 'New password' },
];

/** Whether whoever is signed in sees this page. */
export function seesPage({ needs }: Pick<PageRow, 'needs'>, { permissions }: Session): boolean {
  return needs === undefined || [needs].flat().some((one) => permissions.management.includes(one));
}

/** Whether there is a page at this path of the table, for buttons that lead to it. */
export function hasPage(path: string): boolean {
  return PAGES.some((page) => page.path === path);
}
