import type { Fields } from '../kit/fields.ts';
import {
  ACCOUNT,
  type AccountChanges,
  DOMAIN,
  type DomainChanges,
  ORDER,
  type OrderInput,
  PLAN,
  RECORD,
  RECORD_CHANGES,
  REGISTER,
  RENEW,
  type RecordChanges,
  type RecordInput,
  type RegisterInput,
  TRANSFER,
} from './fields.ts';
import type { Hoster } from './hoster.ts';
import type { Plan } from './offer.ts';

/** One operation of the API. Each needs a permission: nothing is open by accident. */
export interface HostingOperation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly permission: string;
  readonly id: string;
  readonly summary: string;
  /** What it answers with, a schema of the API's description; null is no body. */
  readonly answer: string | null;
  /** Whether it answers with a page of them. */
  readonly isPage?: true;
  /** 200 unless told. */
  readonly status?: 201 | 204;
  readonly body?: { readonly fields: Fields; readonly whole: boolean };
  /** What stands there already can be in its way. */
  readonly conflicts?: true;
  readonly perform: (hoster: Hoster, call: Call) => unknown;
}

/** Who asks, and what the request says. */
export interface Call {
  readonly workspace: string;
  /** From the path; '' where it names none. */
  readonly domain: string;
  readonly id: string;
  readonly limit: number;
  readonly cursor: number;
  /** Checked against the operation's fields. */
  readonly body: unknown;
}

const whole = (fields: Fields) => ({ fields, whole: true });
const some = (fields: Fields) => ({ fields, whole: false });

/** The whole API behind the tokens. */
export const OPERATIONS: readonly HostingOperation[] = [
  {
    method: 'GET',
    path: '/v1/domains',
    permission: 'domains:read',
    id: 'listDomains',
    summary: 'List domains',
    answer: 'Domain',
    isPage: true,
    perform: ({ domains }, { workspace, limit, cursor }) => domains.list(workspace, limit, cursor),
  },
  {
    method: 'GET',
    path: '/v1/domains/{domain}',
    permission: 'domains:read',
    id: 'readDomain',
    summary: 'Read one domain',
    answer: 'Domain',
    perform: ({ domains }, { workspace, domain }) => domains.read(workspace, domain),
  },
  {
    method: 'POST',
    path: '/v1/domains',
    permission: 'domains:write',
    id: 'registerDomain',
    summary: 'Register a domain',
    answer: 'BilledDomain',
    status: 201,
    body: whole(REGISTER),
    conflicts: true,
    perform: ({ domains }, { workspace, body }) => domains.register(workspace, body as RegisterInput),
  },
  {
    method: 'PATCH',
    path: '/v1/domains/{domain}',
    permission: 'domains:write',
    id: 'changeDomain',
    summary: 'Change renewal, transfer lock or nameservers',
    answer: 'Domain',
    body: some(DOMAIN),
    perform: ({ domains }, { workspace, domain, body }) => domains.change(workspace, domain, body as DomainChanges),
  },
  {
    method: 'POST',
    path: '/v1/domains/{domain}/renew',
    permission: 'domains:write',
    id: 'renewDomain',
    summary: 'Renew a domain by years',
    answer: 'BilledDomain',
    body: whole(RENEW),
    conflicts: true,
    perform: ({ domains }, { workspace, domain, body }) =>
      domains.renew(workspace, domain, (body as { years: number }).years),
  },
  {
    method: 'POST',
    path: '/v1/domains/{domain}/auth-code',
    permission: 'domains:write',
    id: 'newAuthCode',
    summary: 'Make the code with which a domain goes to another customer',
    answer: 'AuthCode',
    status: 201,
    conflicts: true,
    perform: ({ domains }, { workspace, domain }) => domains.newAuthCode(workspace, domain),
  },
  {
    method: 'POST',
    path: '/v1/domains/{domain}/transfer',
    permission: 'domains:write',
    id: 'transferDomain',
    summary: 'Take a domain over with its auth code',
    answer: 'BilledDomain',
    body: whole(TRANSFER),
    conflicts: true,
    perform: ({ domains }, { workspace, domain, body }) =>
      domains.transfer(workspace, domain, (body as { auth_code: string }).auth_code),
  },
  {
    method: 'GET',
    path: '/v1/domains/{domain}/records',
    permission: 'dns:read',
    id: 'listRecords',
    summary: 'List DNS records',
    answer: 'Record',
    isPage: true,
    perform: ({ records }, { workspace, domain, limit, cursor }) => records.list(workspace, domain, limit, cursor),
  },
  {
    method: 'GET',
    path: '/v1/domains/{domain}/records/{id}',
    permission: 'dns:read',
    id: 'readRecord',
    summary: 'Read one DNS record',
    answer: 'Record',
    perform: ({ records }, { workspace, domain, id }) => records.read(workspace, domain, id),
  },
  {
    method: 'POST',
    path: '/v1/domains/{domain}/records',
    permission: 'dns:write',
    id: 'createRecord',
    summary: 'Create a DNS record',
    answer: 'Record',
    status: 201,
    body: whole(RECORD),
    conflicts: true,
    perform: ({ records }, { workspace, domain, body }) => records.create(workspace, domain, body as RecordInput),
  },
  {
    method: 'PATCH',
    path: '/v1/domains/{domain}/records/{id}',
    permission: 'dns:write',
    id: 'changeRecord',
    summary: 'Change a DNS record',
    answer: 'Record',
    body: some(RECORD_CHANGES),
    conflicts: true,
    perform: ({ records }, { workspace, domain, id, body }) =>
      records.change(workspace, domain, id, body as RecordChanges),
  },
  {
    method: 'DELETE',
    path: '/v1/domains/{domain}/records/{id}',
    permission: 'dns:write',
    id: 'deleteRecord',
    summary: 'Delete a DNS record',
    answer: null,
    status: 204,
    perform: ({ records }, { workspace, domain, id }) => records.remove(workspace, domain, id),
  },
  {
    method: 'GET',
    path: '/v1/hosting',
    permission: 'hosting:read',
    id: 'listServices',
    summary: 'List hosting services',
    answer: 'HostingService',
    isPage: true,
    perform: ({ services }, { workspace, limit, cursor }) => services.list(workspace, limit, cursor),
  },
  {
    method: 'GET',
    path: '/v1/hosting/{id}',
    permission: 'hosting:read',
    id: 'readService',
    summary: 'Read one hosting service',
    answer: 'HostingService',
    perform: ({ services }, { workspace, id }) => services.read(workspace, id),
  },
  {
    method: 'POST',
    path: '/v1/hosting',
    permission: 'hosting:write',
    id: 'orderService',
    summary: 'Order hosting',
    answer: 'BilledHostingService',
    status: 201,
    body: whole(ORDER),
    perform: ({ services }, { workspace, body }) => services.order(workspace, body as OrderInput),
  },
  {
    method: 'PATCH',
    path: '/v1/hosting/{id}',
    permission: 'hosting:write',
    id: 'changePlan',
    summary: 'Move to another plan',
    answer: 'BilledHostingService',
    body: whole(PLAN),
    conflicts: true,
    perform: ({ services }, { workspace, id, body }) =>
      services.changePlan(workspace, id, (body as { plan: Plan }).plan),
  },
  {
    method: 'DELETE',
    path: '/v1/hosting/{id}',
    permission: 'hosting:write',
    id: 'cancelService',
    summary: 'Cancel to the end of the paid month',
    answer: 'HostingService',
    conflicts: true,
    perform: ({ services }, { workspace, id }) => services.cancel(workspace, id),
  },
  {
    method: 'GET',
    path: '/v1/account',
    permission: 'account:read',
    id: 'readAccount',
    summary: 'Read the account profile',
    answer: 'Account',
    perform: ({ accounts }, { workspace }) => accounts.read(workspace),
  },
  {
    method: 'PATCH',
    path: '/v1/account',
    permission: 'account:write',
    id: 'changeAccount',
    summary: 'Change the account profile',
    answer: 'Account',
    body: some(ACCOUNT),
    perform: ({ accounts }, { workspace, body }) => accounts.update(workspace, body as AccountChanges),
  },
  {
    method: 'GET',
    path: '/v1/account/invoices',
    permission: 'account:read',
    id: 'listInvoices',
    summary: 'List invoices',
    answer: 'Invoice',
    isPage: true,
    perform: ({ accounts }, { workspace, limit, cursor }) => accounts.invoices(workspace, limit, cursor),
  },
  {
    method: 'GET',
    path: '/v1/account/invoices/{id}',
    permission: 'account:read',
    id: 'readInvoice',
    summary: 'Read one invoice',
    answer: 'Invoice',
    perform: ({ accounts }, { workspace, id }) => accounts.invoice(workspace, id),
  },
];
