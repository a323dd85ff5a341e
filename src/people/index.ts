/**
 * people: how persons come in: the first administrator, and the passwords of those who sign in. An application with its
 * own users runs without any of it. It refuses to decide what a person may do: that is a membership, kept by manage/.
 */
export { checkPassword, hashPassword, PASSWORD_MAX, PASSWORD_MIN, verifyPassword } from './password.ts';
export { setUp } from './set-up.ts';
export { hasAdmin, issueSetupCode, SETUP_CODE_LIFETIME_MS } from './setup-code.ts';
