const ESCAPED = /[\u007f-\u009f\u2028\u2029]/g;

/**
 * A value as one line of JSON, whatever is in it (threats row 20): also what only some readers take for the end of a line,
 * or a terminal for a command, is escaped. Ends with a line feed.
 */
export function jsonLine(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(value).replaceAll(ESCAPED, escaped)}\n`;
}
