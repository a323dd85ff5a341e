import { badInput } from '../kit/api-error.ts';
import { type Field, type Fields, oneOf, optional, readValues, text, wholeNumber } from '../kit/fields.ts';
import { PLANS, type Plan } from './offer.ts';

/** What clients may send, and what it is when it has been checked. */

export interface RegisterInput {
  readonly name: string;
  readonly years: number;
  readonly auto_renew?: boolean;
  readonly nameservers?: readonly string[];
}

export interface DomainChanges {
  readonly auto_renew?: boolean;
  readonly transfer_lock?: boolean;
  readonly nameservers?: readonly string[];
}

export interface RecordInput {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly ttl?: number;
  readonly priority?: number | null;
}

export type RecordChanges = Partial<Omit<RecordInput, 'type'>>;

export interface OrderInput {
  readonly plan: Plan;
  readonly domain?: string | null;
}

export type AccountChanges = Readonly<Record<string, string | null>>;

const years = wholeNumber(1, 10);
const nameservers = hostNames(2, 13);

export const REGISTER: Fields = {
  name: text(253),
  years,
  auto_renew: leftOut(flag()),
  nameservers: leftOut(nameservers),
};
export const DOMAIN: Fields = { auto_renew: flag(), transfer_lock: flag(), nameservers };
export const RENEW: Fields = { years };
export const TRANSFER: Fields = { auth_code: text(100) };
export const RECORD_TYPES = ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'TXT'] as const;
const ttl = wholeNumber(60, 86_400);
export const RECORD: Fields = {
  name: text(253),
  type: oneOf(...RECORD_TYPES),
  value: text(2_048),
  ttl: leftOut(ttl),
  priority: optional(wholeNumber(0, 65_535)),
};
export const RECORD_CHANGES: Fields = {
  name: text(253),
  value: text(2_048),
  ttl,
  priority: optional(wholeNumber(0, 65_535)),
};
export const ORDER: Fields = { plan: oneOf(...PLANS), domain: optional(text(253)) };
export const PLAN: Fields = { plan: oneOf(...PLANS) };
export const ACCOUNT: Fields = {
  company: optional(text(200)),
  contact_name: optional(text(200)),
  email: optional(matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 254, 'An e-mail address.')),
  phone: optional(matching(/^\+[0-9][0-9 ]{4,30}$/, 32, 'A telephone number with its country: +49 30 1234567.')),
  street: optional(text(200)),
  postal_code: optional(text(20)),
  city: optional(text(100)),
  country: optional(matching(/^[A-Z]{2}$/, 2, 'A country as two capital letters: DE.')),
};

/** @throws {ApiError} with everything that is wrong with the body. */
export function readBodyOf<Input>(fields: Fields, body: unknown, options: { readonly whole: boolean }): Input {
  const read = readValues(fields, body, options);
  if ('problems' in read) throw badInput(...read.problems);
  return read.values as Input;
}

/** A name on the Internet as it is written without its last dot: letters, digits and hyphens between dots. */
export function isHostName(value: unknown): value is string {
  const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i;
  if (typeof value !== 'string' || value.length > 253) return false;
  const labels = value.split('.');
  return labels.length > 1 && labels.every((one) => label.test(one)) && !/^\d+$/.test(labels.at(-1) ?? '');
}

/** May be missing, but is something when it is there. */
function leftOut(field: Field): Field {
  return { ...field, isOptional: true };
}

function flag(): Field {
  const problem = (value: unknown) => (typeof value === 'boolean' ? null : 'true or false.');
  return { column: 'integer', isOptional: false, refersTo: null, problem, schema: { type: 'boolean' } };
}

function hostNames(min: number, max: number): Field {
  const fits = (value: unknown) =>
    Array.isArray(value) && value.length >= min && value.length <= max && value.every(isHostName);
  return {
    column: 'text',
    isOptional: false,
    refersTo: null,
    problem: (value) => (fits(value) ? null : `A list of ${min} to ${max} host names: ["ns1.example.net", …].`),
    schema: { type: 'array', items: { type: 'string' }, minItems: min, maxItems: max },
  };
}

function matching(pattern: RegExp, charactersMax: number, message: string): Field {
  const fits = (value: unknown) => typeof value === 'string' && value.length <= charactersMax && pattern.test(value);
  return {
    ...text(charactersMax),
    problem: (value) => (fits(value) ? null : message),
    schema: { type: 'string', pattern: pattern.source, maxLength: charactersMax },
  };
}
