/**
 * token: the text of a credential. Owns its format and checksum, making one, digesting, masking and sealing it, finding
 * it in a request and explaining a bad one. Pure: no clock, no input or output, randomness is handed in. Refuses to
 * know whether a token exists, whose it is or what it may do; those are `authenticate/`'s and `policy/`'s questions.
 */
export { hasBrokenAuthorization } from './broken-line.ts';
export { checksum } from './checksum.ts';
export { type Credential, type CredentialProblem, FIELD_LINES_MAX, findCredential } from './credential.ts';
export { type DiagnoseHints, diagnose } from './diagnose.ts';
export { cacheKey, digestToken, type PepperRing } from './digest.ts';
export { trimFieldValue } from './field-value.ts';
export { type FoundToken, SEEN_AGAIN_BYTES, TokenFinder } from './find-tokens.ts';
export {
  ALPHABETS,
  type Environment,
  type ImportedForm,
  KIND_MARKERS,
  type Kind,
  RECIPES,
  type Recipe,
  readShape,
  type Shape,
  TOKEN_TEXT_MAX,
  type TokenFormat,
} from './format.ts';
export { generateId, generateToken } from './generate.ts';
export { maskToken } from './hint.ts';
export { digestedTexts, foreignDigest, isImported } from './imported.ts';
export { loggedPath, withoutSecrets } from './logged-path.ts';
export { type RandomSource, systemRandom } from './random.ts';
export { openSealed, sealValue } from './seal.ts';
export * from './seal-under-pepper.ts';
export { generateWebhookSecret, webhookKey } from './webhook-secret.ts';
