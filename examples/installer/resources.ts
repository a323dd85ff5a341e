import { type Field, idOf, oneOf, optional, text } from '../kit/fields.ts';
import type { Table } from '../kit/tables.ts';

export const INSTALLERS: Table = {
  name: 'installers',
  idPrefix: 'ins',
  fields: {
    name: text(100),
    trade: oneOf('ev-charging', 'heat-pumps', 'solar'),
    city: text(100),
    email: optional(text(254)),
    phone: optional(text(40)),
  },
};

const STATES = oneOf('booked', 'under-way', 'done', 'cancelled');

/** A job without a state is a booked one. */
const state: Field = {
  ...STATES,
  column: "text not null default 'booked'",
  isOptional: true,
  schema: { ...STATES.schema, default: 'booked' },
};

export const JOBS: Table = {
  name: 'jobs',
  idPrefix: 'job',
  fields: {
    installer_id: idOf('installers'),
    title: text(200),
    state,
    planned_for: optional(day()),
    note: optional(text(1_000)),
  },
};

/** A day of the calendar, without a time. */
function day(): Field {
  const fits = (value: unknown): boolean => {
    const at = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? new Date(`${value}T00:00:00Z`) : null;
    return at !== null && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(String(value));
  };
  return {
    column: 'text',
    isOptional: false,
    refersTo: null,
    problem: (value) => (fits(value) ? null : 'A day, such as 2027-01-31.'),
    schema: { type: 'string', format: 'date' },
  };
}
