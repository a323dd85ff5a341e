/** Digits in ascending value: 0-9, A-Z, a-z. Their order equals their ASCII order. */
export const BASE62_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const DIGIT_VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < 62; value++) DIGIT_VALUES[BASE62_ALPHABET.charCodeAt(value)] = value;

/** Value 0–61 of the digit with this UTF-16 code unit, or -1 for everything else. */
export function base62Digit(code: number): number {
  return DIGIT_VALUES[code] ?? -1;
}
