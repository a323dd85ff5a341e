/**
 * profile/draft: the first version of a new company's profile file, from a few answers and, where there is one, from the
 * company's OpenAPI document. It owns the guesses and tells every one of them. Refuses to read files, to ask anybody, and
 * to write what the preset says already; whether a draft can be used is `checkProfile`'s to say.
 */

export { type ApiDraft, draftApi, type ReadApi } from './draft-api.ts';
export { type Answers, type DraftedProfile, draftProfile, tokensPathFor } from './draft-profile.ts';
export type { Note } from './note.ts';
export { profileText } from './profile-text.ts';
export { nameOfCompany, suggestPrefixes } from './suggest.ts';
