import { z } from 'zod';

/** A list without repetitions; of objects, `key` names what must differ. Runs even when an entry is wrong otherwise. */
export function unique<T extends z.ZodType>(entry: T, key?: string) {
  return z.array(entry).superRefine(
    (list: unknown, context) => {
      if (!Array.isArray(list)) return;
      const values = list.map((item: unknown) => (key === undefined ? item : fieldOf(item, key)));
      for (const [index, value] of values.entries()) {
        if (value === undefined || values.indexOf(value) === index) continue;
        const path = key === undefined ? [index] : [index, key];
        context.addIssue({ code: 'custom', path, message: `${JSON.stringify(value)} is listed twice.` });
      }
    },
    { when: () => true },
  );
}

/** An object whose keys the author chooses. Unlike zod's own record it checks the value of a wrong key too. */
export function keyed<T extends z.ZodType>(key: z.ZodString, value: T) {
  return z.record(z.string(), value).superRefine(
    (record: unknown, context) => {
      if (typeof record !== 'object' || record === null) return;
      for (const name of Object.keys(record)) {
        for (const issue of key.safeParse(name).error?.issues ?? []) {
          context.addIssue({ code: 'custom', path: [name], message: `About the key itself: ${issue.message}` });
        }
      }
    },
    { when: () => true },
  );
}

function fieldOf(item: unknown, key: string): unknown {
  return typeof item === 'object' && item !== null ? (item as Readonly<Record<string, unknown>>)[key] : undefined;
}
