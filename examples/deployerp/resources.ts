import { idOf, oneOf, optional, text, wholeNumber } from '../kit/fields.ts';
import type { Table } from '../kit/tables.ts';

/** One resource of the API: what it holds, and which permission each of its operations needs. */
export interface Resource extends Table {
  /** An operation without a permission does not exist: nothing here is open by accident. */
  readonly permissions: {
    readonly read: string;
    readonly create?: string;
    readonly change?: string;
    readonly remove?: string;
  };
}

/** The whole API behind the keys; what a row refers to stands above it. */
export const RESOURCES: readonly Resource[] = [
  {
    name: 'servers',
    idPrefix: 'srv',
    fields: {
      name: text(100),
      region: oneOf('eu-central', 'eu-north', 'us-east'),
      size: oneOf('small', 'medium', 'large'),
    },
    permissions: {
      read: 'servers:read',
      create: 'servers:write',
      change: 'servers:write',
      remove: 'servers:delete',
    },
  },
  {
    name: 'instances',
    idPrefix: 'ins',
    fields: { name: text(100), server_id: idOf('servers'), version: text(20) },
    permissions: {
      read: 'instances:read',
      create: 'instances:write',
      change: 'instances:write',
      remove: 'instances:delete',
    },
  },
  {
    name: 'backups',
    idPrefix: 'bak',
    fields: { instance_id: idOf('instances'), note: optional(text(500)) },
    permissions: { read: 'backups:read', create: 'backups:write' },
  },
  {
    name: 'teams',
    idPrefix: 'team',
    fields: { name: text(100), purpose: optional(text(500)) },
    permissions: { read: 'teams:read', create: 'teams:write', change: 'teams:write' },
  },
  {
    name: 'invoices',
    idPrefix: 'inv',
    fields: {
      number: text(40),
      issued_on: text(10),
      amount_cents: wholeNumber(0, 1_000_000_000),
      currency: oneOf('EUR', 'USD'),
    },
    permissions: { read: 'billing:read' },
  },
];

/** Every permission there is, as one wildcard for each of the groups. */
export const EVERYTHING: readonly string[] = ['servers:*', 'instances:*', 'backups:*', 'teams:*', 'billing:*'];
