import type { Profile } from 'keyhouse';
import { type Fields, schemaOf } from '../kit/fields.ts';
import { bodyOf, describeApi, named, type Operation, PAGE_QUERY, pageSchema, type Schema } from '../kit/openapi.ts';
import { titleOf } from './errors.ts';
import { ACCOUNT, RECORD } from './fields.ts';
import { PLANS } from './offer.ts';
import { type HostingOperation, OPERATIONS } from './operations.ts';

const TEXT: Schema = { type: 'string' };
const FLAG: Schema = { type: 'boolean' };
const CENTS: Schema = { type: 'integer', description: 'In cents.' };
const INSTANT: Schema = { type: 'string', format: 'date-time' };
const INVOICE_ID: Schema = { type: ['string', 'null'], description: 'The invoice that came of this, if one did.' };

const DOMAIN: Readonly<Record<string, Schema>> = {
  name: TEXT,
  status: { type: 'string', enum: ['active', 'expired'] },
  registered_at: INSTANT,
  expires_at: INSTANT,
  auto_renew: FLAG,
  transfer_lock: FLAG,
  nameservers: { type: 'array', items: TEXT },
  updated_at: INSTANT,
};

const SERVICE: Readonly<Record<string, Schema>> = {
  id: TEXT,
  plan: { type: 'string', enum: PLANS },
  domain: { type: ['string', 'null'] },
  status: { type: 'string', enum: ['active', 'cancelled', 'ended'] },
  ordered_at: INSTANT,
  paid_until: INSTANT,
  cancelled_at: { ...INSTANT, type: ['string', 'null'] },
  updated_at: INSTANT,
};

const SCHEMAS: Readonly<Record<string, Schema>> = {
  Domain: object(DOMAIN),
  BilledDomain: object({ ...DOMAIN, invoice_id: INVOICE_ID }),
  AuthCode: object({ name: TEXT, auth_code: TEXT }),
  Record: object({ id: TEXT, ...propertiesOf(RECORD), created_at: INSTANT, updated_at: INSTANT }),
  HostingService: object(SERVICE),
  BilledHostingService: object({ ...SERVICE, invoice_id: INVOICE_ID }),
  Account: object({ ...propertiesOf(ACCOUNT), updated_at: { ...INSTANT, type: ['string', 'null'] } }),
  Invoice: object({
    id: TEXT,
    number: TEXT,
    issued_at: INSTANT,
    due_at: INSTANT,
    currency: TEXT,
    total_cents: CENTS,
    lines: { type: 'array', items: object({ description: TEXT, amount_cents: CENTS }) },
  }),
};

/** What `/reference` shows of this API: written from the table that its routes are made of, in the company's name. */
export function describeHosting({ company, words }: Profile): Record<string, unknown> {
  const support = { url: company.supportUrl, email: company.supportEmail };
  return describeApi({
    title: `${company.name} API`,
    description: 'Domains, their DNS records, hosting services, and the account that they are billed to.',
    server: company.apiBaseUrl ?? '/',
    tokenWord: words.token,
    operations: OPERATIONS.map(described),
    schemas: SCHEMAS,
    error: {
      type: 'object',
      required: ['type', 'title', 'status', 'code', 'detail'],
      properties: {
        type: TEXT,
        title: TEXT,
        status: { type: 'integer' },
        code: TEXT,
        detail: TEXT,
        missing: { type: 'array', items: TEXT, description: 'Permissions that the token lacks.' },
        errors: { type: 'array', items: object({ path: TEXT, message: TEXT }) },
        support: { type: 'object', properties: { url: TEXT, email: TEXT } },
        request_id: TEXT,
      },
    },
    errorExample: ({ status, code, message }) => ({
      type: `${company.apiBaseUrl}/guide#${code}`,
      title: titleOf(code),
      status,
      code,
      detail: message,
      support,
      request_id: 'req_4n2xGd0YzBqT7sKcVu9e',
    }),
  });
}

function described(operation: HostingOperation): Operation {
  const { method, path, id, summary, permission, answer, isPage, status = 200, body, conflicts } = operation;
  const schema = answer === null ? null : named(answer);
  return {
    method,
    path,
    id,
    summary,
    permission,
    status,
    tag: TAGS[permission.split(':')[0] as keyof typeof TAGS],
    ...(isPage && { query: PAGE_QUERY }),
    ...(body !== undefined && { body: bodyOf(body.fields, body) }),
    answer: schema !== null && isPage ? pageSchema(schema) : schema,
    ...(conflicts && { refusals: [409] as const }),
  };
}

const TAGS = { domains: 'domains', dns: 'DNS records', hosting: 'hosting services', account: 'account' } as const;

function object(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', required: Object.keys(properties), properties };
}

function propertiesOf(fields: Fields): Readonly<Record<string, Schema>> {
  return schemaOf(fields, { whole: true }).properties as Readonly<Record<string, Schema>>;
}
