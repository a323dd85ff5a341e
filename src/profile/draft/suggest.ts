import type { Environment } from '../../token/index.ts';
import { OTHER_ID_PREFIXES } from '../profile-rules.ts';
import { ownerOfPrefix } from '../scanner-prefixes.ts';
import { nameFrom } from './name-book.ts';

const PREFIX_LENGTH = 12;
const PREFIXES_SUGGESTED = 3;

/** A name for the profile of this company, `company` where its own has no Latin letter. */
export function nameOfCompany(company: string): string {
  return nameFrom(company.toLowerCase()).replaceAll('_', '-') || 'company';
}

/** Prefixes for a company's tokens that nobody else's tokens begin with, the best first. At least one. */
export function suggestPrefixes(name: string, environments: readonly Environment[]): readonly string[] {
  const words = name.split('-').filter((word) => word !== '');
  const [first = 'api'] = words;
  const initials = words.map((word) => word.charAt(0)).join('');
  const wanted = [first, words.join(''), initials, `${first.slice(0, 9)}key`, `${first.slice(0, 9)}api`, 'apikey'];
  const free = wanted
    .map((prefix) => prefix.slice(0, PREFIX_LENGTH))
    .filter(
      (prefix) =>
        /^[a-z][a-z0-9]{2,11}$/.test(prefix) &&
        !OTHER_ID_PREFIXES.includes(prefix) &&
        prefix !== 'tok' &&
        ownerOfPrefix({ prefix, environments }) === null,
    );
  return [...new Set(free)].slice(0, PREFIXES_SUGGESTED);
}
