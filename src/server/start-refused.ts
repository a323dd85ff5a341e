/** Keyhouse will not start like this; the message says what to do. Exit code 78 (EX_CONFIG) at the command line. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}
