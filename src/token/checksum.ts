import { BASE62_ALPHABET } from './base62.ts';

/** Six base62 digits hold any 32-bit number: 62⁶ > 2³². */
export const CHECKSUM_LENGTH = 6;

const CRC32_TABLE = new Int32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  CRC32_TABLE[byte] = remainder;
}

/** Starts a running CRC-32 (the reflected IEEE polynomial, as zlib has it). */
export const CRC32_START = -1;

/** Takes one more byte into a running CRC-32. */
export function crc32Step(running: number, byte: number): number {
  return (running >>> 8) ^ (CRC32_TABLE[(running ^ byte) & 0xff] as number);
}

/** The CRC-32 of everything taken so far, 0 to 2³² − 1. */
export function crc32End(running: number): number {
  return ~running >>> 0;
}

/**
 * CRC-32 of a token's random characters as six base62 digits, left-padded with `0`. It tells garbage from tokens before
 * any hash or look-up and makes leaked tokens recognisable offline; it proves nothing. `body` is ASCII.
 */
export function checksum(body: string): string {
  let running = CRC32_START;
  for (let at = 0; at < body.length; at++) running = crc32Step(running, body.charCodeAt(at));
  let rest = crc32End(running);
  let digits = '';
  while (digits.length < CHECKSUM_LENGTH) {
    digits = BASE62_ALPHABET.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
