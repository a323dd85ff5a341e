/** Longer than any id of ours; the secret part of a token is 32. */
const SECRET_LIKE = /[0-9A-Za-z]{26,}/g;

/** The path of a request for a log: decoded, without the query, and without what may be a token that strayed into it. */
export function loggedPath(target: string): string {
  const query = target.indexOf('?');
  return withoutSecrets(decoded(query < 0 ? target : target.slice(0, query)));
}

/** Text from outside without what may be a token in it. */
export function withoutSecrets(text: string): string {
  return text.replace(SECRET_LIKE, '…');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
