import { isIPv4, isIPv6 } from 'node:net';
import type { FieldProblem } from '../kit/fields.ts';
import { isHostName, type RECORD_TYPES } from './fields.ts';

export type RecordType = (typeof RECORD_TYPES)[number];

export interface DnsRecord {
  readonly name: string;
  readonly type: RecordType;
  readonly value: string;
  readonly ttl: number;
  readonly priority: number | null;
}

interface TypeRule {
  readonly fits: (value: string) => boolean;
  readonly message: string;
}

const HOST: TypeRule = { fits: isHostName, message: 'A host name without a dot at its end: mail.example.com.' };

/** What may stand in a record of each type (RFC 1035, 3596, 8659). */
const RULES: Readonly<Record<RecordType, TypeRule>> = {
  A: { fits: isIPv4, message: 'An IPv4 address: 203.0.113.10.' },
  AAAA: { fits: (value) => isIPv6(value) && !value.includes('%'), message: 'An IPv6 address: 2001:db8::10.' },
  CAA: {
    fits: (value) => /^(?:0|128) (?:issue|issuewild|iodef) "[\x21\x23-\x7e]{1,200}"$/.test(value),
    message: 'A flag, a tag and a quoted value: 0 issue "ca.example.net".',
  },
  CNAME: HOST,
  MX: HOST,
  NS: HOST,
  TXT: { fits: (value) => /^[\x20-\x7e]+$/.test(value), message: 'Letters, digits and signs of ASCII on one line.' },
};

/** `@` is the domain itself; an asterisk stands alone or first; names of services begin with an underscore. */
const NAME = /^(?:@|(?:\*|_?[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)(?:\._?[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)*)$/;

/** Everything that is wrong with a record of this domain, taken by itself. */
export function problemsOf(domain: string, { name, type, value, priority }: DnsRecord): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const whole = name === '@' ? domain : `${name}.${domain}`;
  if (!NAME.test(name) || whole.length > 253 || whole.split('.').some((label) => label.length > 63)) {
    const message = 'A name below the domain, such as www or _dmarc, or @ for the domain itself.';
    problems.push({ path: 'name', message });
  } else if (name === '@' && type === 'CNAME') {
    problems.push({ path: 'type', message: 'The domain itself cannot be a CNAME; use A and AAAA.' });
  } else if (name === '@' && type === 'NS') {
    problems.push({ path: 'type', message: 'The nameservers of the domain itself are its own nameservers field.' });
  }
  const { fits, message } = RULES[type];
  if (!fits(value)) problems.push({ path: 'value', message });
  if (type === 'MX' && priority === null) {
    problems.push({ path: 'priority', message: 'An MX record has a priority from 0 to 65535; the lowest is first.' });
  }
  if (type !== 'MX' && priority !== null) {
    problems.push({ path: 'priority', message: 'Only MX records have a priority.' });
  }
  return problems;
}

/** Why a record cannot stand beside the others of its name; null when it can. */
export function conflictWith(others: readonly DnsRecord[], { name, type, value }: DnsRecord): string | null {
  const alike = others.filter((other) => other.name === name);
  if (alike.some((other) => other.type === type && other.value === value)) return 'There is such a record already.';
  if (type === 'CNAME' && alike.length > 0) return `There are other records of ${name}, and a CNAME stands alone.`;
  if (alike.some((other) => other.type === 'CNAME'))
    return `The record of ${name} is a CNAME, and nothing stands beside one.`;
  return null;
}
