/** Uploads to the API of `examples/collections`, as build processes make them. */

export interface UploadAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  readonly json: any;
}

/** The upload of the document, with another file name where the test has several collections. */
export async function upload(
  api: string,
  token: string | null,
  archive: Uint8Array,
  fileName = 'myCollection.zip',
): Promise<UploadAnswer> {
  const form = new FormData();
  form.append('collectionFile', new Blob([archive as Uint8Array<ArrayBuffer>]), fileName);
  return post(api, token, form);
}

/** Whatever body, to the same place. */
export async function post(
  api: string,
  token: string | null,
  body: FormData | string | Uint8Array,
  contentType?: string,
): Promise<UploadAnswer> {
  const answer = await fetch(`${api}/installCollection`, {
    method: 'POST',
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      // A connection of its own: tests that build large archives outlive the time that an idle one is kept.
      connection: 'close',
      ...(contentType !== undefined && { 'content-type': contentType }),
    },
    body: body as FormData | string,
    signal: AbortSignal.timeout(60_000),
  });
  return { status: answer.status, headers: answer.headers, json: await answer.json() };
}
