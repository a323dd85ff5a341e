import type { SampleRequest } from '../profile/index.ts';
import type { Sample } from './document.ts';
import { sample } from './prose.ts';

/** One request, to be made in any language. */
export interface SampleCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly upload: SampleRequest['upload'];
  /** Environment variable that holds the token. */
  readonly variable: string;
}

export interface CurlCall extends Pick<SampleCall, 'url' | 'variable'> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly upload?: SampleCall['upload'];
}

/**
 * The same request in four languages: each whole, with its imports, reading the token from the environment, ending with an
 * error when the answer is none of success.
 */
export function samplesOf(call: SampleCall): readonly Sample[] {
  return [
    sample('sh', curlCommand(call), 'curl'),
    sample('js', nodeProgram(call), 'Node.js'),
    sample('python', pythonProgram(call), 'Python'),
    sample('php', phpProgram(call), 'PHP'),
  ];
}

/** @param lines further options, one a line. */
export function curlCommand({ method, url, upload = null, variable }: CurlCall, lines: readonly string[] = []): string {
  const form = upload === null ? [] : [`-F "${upload.field}=@${upload.fileName}"`];
  const verb = method === 'GET' || upload !== null ? '' : ` -X ${method}`;
  const options = [`-H "Authorization: Bearer $${variable}"`, ...form, ...lines];
  return [`curl --fail-with-body${verb} ${shellQuoted(url)}`, ...options].join(' \\\n  ');
}

function nodeProgram({ method, url, upload, variable }: SampleCall): string {
  const form = upload && [
    'const form = new FormData();',
    `form.set('${upload.field}', await openAsBlob('${upload.fileName}'), '${upload.fileName}');`,
    '',
  ];
  return [
    ...(upload === null ? [] : ["import { openAsBlob } from 'node:fs';", '']),
    `const token = process.env.${variable};`,
    '',
    ...(form ?? []),
    `const response = await fetch(${singleQuoted(url)}, {`,
    ...(method === 'POST' ? ["  method: 'POST',"] : []),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the program that is printed fills it
    '  headers: { Authorization: `Bearer ${token}` },',
    ...(upload === null ? [] : ['  body: form,']),
    '});',
    'const body = await response.text();',
    'if (!response.ok) {',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the program that is printed fills it
    '  throw new Error(`${response.status} ${body}`);',
    '}',
    'console.log(body);',
  ].join('\n');
}

function pythonProgram({ method, url, upload, variable }: SampleCall): string {
  const request = [
    `response = requests.${method.toLowerCase()}(`,
    `    ${JSON.stringify(url)},`,
    '    headers={"Authorization": f"Bearer {token}"},',
    ...(upload === null ? [] : [`    files={"${upload.field}": file},`]),
    '    timeout=30,',
    ')',
  ];
  return [
    'import os',
    'import sys',
    '',
    'import requests',
    '',
    `token = os.environ["${variable}"]`,
    '',
    ...(upload === null
      ? request
      : [`with open("${upload.fileName}", "rb") as file:`, ...request.map((line) => `    ${line}`)]),
    'if not response.ok:',
    '    sys.exit(f"{response.status_code} {response.text}")',
    'print(response.text)',
  ].join('\n');
}

function phpProgram({ method, url, upload, variable }: SampleCall): string {
  const file = upload && `    CURLOPT_POSTFIELDS => ['${upload.field}' => new CURLFile('${upload.fileName}')],`;
  return [
    '<?php',
    `$token = getenv('${variable}');`,
    '',
    `$request = curl_init(${phpQuoted(url)});`,
    'curl_setopt_array($request, [',
    ...(method === 'POST' ? [file ?? "    CURLOPT_POSTFIELDS => '',"] : []),
    "    CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . $token],",
    '    CURLOPT_RETURNTRANSFER => true,',
    '    CURLOPT_TIMEOUT => 30,',
    ']);',
    '$body = curl_exec($request);',
    'if ($body === false) {',
    '    throw new RuntimeException(curl_error($request));',
    '}',
    '$status = curl_getinfo($request, CURLINFO_RESPONSE_CODE);',
    'if ($status < 200 || $status > 299) {',
    '    throw new RuntimeException("$status $body");',
    '}',
    'echo $body, PHP_EOL;',
  ].join('\n');
}

/** For a POSIX shell; plain addresses stay as they are. */
function shellQuoted(text: string): string {
  return /^[A-Za-z0-9:/._~%-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function singleQuoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function phpQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
