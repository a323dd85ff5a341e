import { type Field, oneOf, optional, text, wholeNumber } from '../kit/fields.ts';
import type { Table } from '../kit/tables.ts';

export const ORDERS: Table = {
  name: 'orders',
  idPrefix: 'ord',
  fields: {
    number: text(40),
    supplier: text(100),
    product: text(200),
    quantity: wholeNumber(1, 1_000_000_000),
    status: oneOf('draft', 'placed', 'shipped', 'received', 'cancelled'),
    note: optional(text(1_000)),
  },
};

/** How a user likes to see a company. A row has the id of its user, and there is none before the first change. */
export const USER_CONFIGS: Table = {
  name: 'user_configs',
  idPrefix: 'usr',
  fields: {
    language: oneOf('de', 'en', 'fr', 'nl'),
    time_zone: timeZone(),
    currency: oneOf('EUR', 'GBP', 'USD'),
    units: oneOf('metric', 'imperial'),
  },
};

export const DEFAULT_CONFIG = { language: 'en', time_zone: 'Europe/Amsterdam', currency: 'EUR', units: 'metric' };

/** A zone of the IANA time zone database. */
function timeZone(): Field {
  const fits = (value: unknown): boolean => {
    if (typeof value !== 'string') return false;
    try {
      return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
    } catch {
      return false;
    }
  };
  return {
    column: 'text',
    isOptional: false,
    refersTo: null,
    problem: (value) => (fits(value) ? null : 'A time zone, such as Europe/Amsterdam.'),
    schema: { type: 'string', description: 'A zone of the IANA time zone database.' },
  };
}
