import type { Block, Section } from './document.ts';
import { code, listed, plain, prose, sample } from './prose.ts';
import { samplesOf } from './samples.ts';
import type { Subject } from './subject.ts';

/** The header, and one request in four languages. */
export function sendToken(subject: Subject): Section {
  const { profile, voice, variable, apiUrl } = subject;
  const call = sampleCall(subject);
  const blocks: Block[] = [
    {
      is: 'paragraph',
      text: prose`Every request carries the ${voice.token} in its ${code('Authorization')} header:`,
    },
    { is: 'code', sample: sample('http', `Authorization: Bearer ${exampleValue(subject)}`) },
    {
      is: 'list',
      items: [
        prose`The word ${code('Bearer')}, one space, then the ${voice.token} as it was shown: no quotation marks, no brackets, no line break.`,
        prose`One such header in each request.`,
        prose`It never goes into the address: ${voice.aToken} in a URL is refused, because logs and histories keep URLs. Treat one that was sent like that as lost.`,
      ],
    },
  ];
  if (call !== null) {
    blocks.push(
      {
        is: 'paragraph',
        text: prose`The base address is ${code(apiUrl)}. Each sample is a whole program: it reads ${code(variable)}, stops with what the API said when that is no success, and prints the answer otherwise.${call.upload === null ? [] : prose` It sends the file ${code(call.upload.fileName)} from the folder it runs in.`}`,
      },
      { is: 'choice', samples: samplesOf({ ...call, variable }) },
      {
        is: 'paragraph',
        text: prose`They need curl 7.76 or newer; Node.js 20 or newer, the program saved as ${code('request.mjs')}; Python 3 with ${code('pip install requests')}; PHP with its cURL extension.`,
      },
    );
  }
  blocks.push(...browsers(profile.cors.origins, subject));
  return {
    id: 'send',
    title: prose`Send it with every request`,
    blocks,
  };
}

/** The request of the samples; null where nothing is known that this address answers. */
export function sampleCall({ profile, apiUrl, offers, pathOf }: Subject) {
  const { sampleRequest } = profile.guide;
  if (sampleRequest !== null) {
    return { method: sampleRequest.method, url: apiUrl + sampleRequest.path, upload: sampleRequest.upload };
  }
  if (!offers.has('test')) return null;
  return { method: 'GET' as const, url: apiUrl + pathOf({ below: 'root', path: '/v1/auth/test' }), upload: null };
}

function browsers(origins: readonly string[] | '*', { voice }: Subject): Block[] {
  if (origins.length === 0) return [];
  const from =
    origins === '*'
      ? plain('Pages of any origin may call the API from a browser.')
      : prose`Pages of ${listed(origins.map(code), 'and')} may call the API from a browser.`;
  return [
    {
      is: 'paragraph',
      text: prose`${from} Do that only with ${voice.tokens} that the visitors bring themselves: whatever is part of a page can be read by everybody who opens it.`,
    },
  ];
}

/** Something that stands where a value belongs and can be taken for none. */
export function exampleValue({ profile, voice, beginnings }: Subject): string {
  return profile.token.samples[0] ?? `${beginnings[0]}YOUR_${voice.token.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
}
