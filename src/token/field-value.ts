const TAB = 0x09;
const SPACE = 0x20;

/** A header's value without the spaces and tabs around it, which are no part of it (RFC 9110 §5.5). */
export function trimFieldValue(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isFieldSpace(value.charCodeAt(start))) start++;
  while (end > start && isFieldSpace(value.charCodeAt(end - 1))) end--;
  return value.slice(start, end);
}

function isFieldSpace(code: number): boolean {
  return code === SPACE || code === TAB;
}
