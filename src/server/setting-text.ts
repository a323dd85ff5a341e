import type { Setting } from './settings.ts';

/** What is wrong with the text of a setting, or null. */
export function checkText(setting: Setting, text: string | null): string | null {
  if (text === null) return null;
  switch (setting.kind) {
    case 'port':
      return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? null : `${text} is not a port from 0 to 65535.`;
    case 'count':
      return /^[1-9]\d{0,8}$/.test(text) ? null : `${text} is not a whole number from 1 to 999999999.`;
    case 'switch':
      return text === 'true' || text === 'false' ? null : `${text} is neither true nor false.`;
    case 'text':
      if (text === '') return 'must not be empty.';
      return unknownValue(setting, [text]);
    case 'list':
      return unknownValue(setting, listOf(text));
  }
}

function unknownValue(setting: Setting, values: readonly string[]): string | null {
  const strange = values.find((value) => setting.values !== undefined && !setting.values.includes(value));
  return strange === undefined ? null : `${strange} is none of ${setting.values?.join(', ')}.`;
}

/** The entries of a list that is written with commas. */
export function listOf(text: string | null): string[] {
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
