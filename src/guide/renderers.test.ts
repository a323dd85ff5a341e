import { describe, expect, it } from 'vitest';
import { checkProfile, deployerp, hosting, type Profile } from '../profile/index.ts';
import { guideOf, renderHtml, renderLlmsText, renderMarkdown } from './index.ts';

/** Every text that a person may put into a profile, each one hostile. */
function hostile(text: string): Profile {
  const { company, words, templates, catalogue, limits, errors } = hosting;
  const sentence = text.replace(/[[\]{}]/g, '$&$&');
  const said = { title: sentence, message: sentence };
  return {
    ...hosting,
    company: { ...company, name: text },
    words: { ...words, token: text, tokens: text, menuPaths: [[text, text]], createButton: text, saveButton: text },
    templates: templates.map((one) => ({ ...one, name: text, description: text })),
    catalogue:
      catalogue === 'open' ? 'open' : catalogue.map((one) => ({ ...one, description: text, operations: [text] })),
    limits: {
      ...limits,
      tiers: { standard: { label: text, useCase: text, windows: limits.tiers.standard?.windows ?? 'unlimited' } },
    },
    errors: {
      ...errors,
      denials: { ...errors.denials, invalid_token: { ...errors.denials.invalid_token, ...said } },
    },
  };
}

const guideFor = (profile: Profile) => guideOf(profile, { apiUrl: profile.company.apiBaseUrl ?? 'http://localhost' });
const htmlOf = (profile: Profile) => renderHtml(guideFor(profile));
const markdownOf = (profile: Profile) => renderMarkdown(guideFor(profile));

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '`code` and ``more``',
  'a | b || c',
  'two\nlines\r\n# and a heading',
  '[link](javascript:alert(1)) ![image](x)',
  '](javascript:alert(1))',
  '**bold** _soft_ ~~gone~~ <b>x</b> &lt;b&gt;',
  '- a list',
  '1. a list',
  '\\',
  'مفتاح الوصول',
  'abc\u202Edef\u2066ghi\u200B',
  '--> <!-- ]]> {{7*7}} <%= 7*7 %>',
  'back \\| slashed',
];

describe.each(HOSTILE)('with %j as every text of a company', (text) => {
  it('the page has no element and no attribute that it has not with another text', () => {
    const tags = (html: string) => [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
    const shape = (html: string) =>
      tags(html).map((tag) => tag.replace(/(data-label|for|id|href|name|aria-labelledby)="[^"]*"/g, '$1'));
    expect(shape(htmlOf(hostile(text)))).toEqual(shape(htmlOf(hostile('harmless'))));
  });

  it('the page is quoted throughout, so that no value ends an attribute', () => {
    for (const [tag] of htmlOf(hostile(text)).matchAll(/<[a-z][^>]*>/g)) {
      expect(tag).toMatch(/^<[a-z]\w*(?: [a-z-]+(?:="[^"<>]*")?)*>$/);
    }
  });

  it('no character that cannot be seen, or turns the line around, is in any of the three', () => {
    const guide = guideFor(hostile(text));
    for (const written of [renderHtml(guide), renderMarkdown(guide), renderLlmsText(guide)]) {
      expect(written).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B-\u200F\r]/);
    }
  });

  it('the Markdown keeps its headings, its tables and its links', () => {
    const [written, plain] = [markdownOf(hostile(text)), markdownOf(hostile('harmless'))].map(structureOf);
    expect(written).toEqual(plain);
  });
});

const ESCAPE_OR_CODE = /\\[!-/:-@[-`{-~]|(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g;

/** What a reader of Markdown takes for structure: without programs, escaped marks and what is inside code. */
function structureOf(markdown: string) {
  const lines = markdown.replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '').split('\n');
  const bare = lines.map((line) => line.replace(ESCAPE_OR_CODE, ''));
  const all = (pattern: RegExp) => bare.flatMap((line) => [...line.matchAll(pattern)].map(([found]) => found));
  return {
    headings: bare.filter((line) => /^#{1,6} /.test(line)).length,
    // Cells are divided before code is looked for (GFM 4.10).
    cells: lines.filter((line) => line.startsWith('|')).map((line) => line.replace(/\\./g, '').match(/\|/g)?.length),
    links: all(/\]\([^)]*\)/g),
    html: all(/<\/?[a-z!][^>]*>/gi).filter((tag) => !/^<\/?code>$/.test(tag)),
    lists: bare.filter((line) => /^(?:[-+*]|\d+[.)]) /.test(line)).length,
    emphasis: all(/\*\*|~~|__/g).length,
  };
}

describe('links', () => {
  const linked = (supportUrl: string) => htmlOf({ ...hosting, company: { ...hosting.company, supportUrl } });

  it('lead to the web, to mail and to this page, and nowhere else', () => {
    expect(linked('https://help.example.com/a?b=c&d')).toContain('href="https://help.example.com/a?b=c&#38;d"');
    for (const href of ['javascript:alert(1)', 'data:text/html,x', '//other.example', 'java\nscript:x', '/etc']) {
      const html = linked(href);
      expect([...html.matchAll(/href="([^"]*)"/g)].map(([, to]) => to)).not.toContain(href);
      expect(html).not.toContain('href="javascript');
    }
  });

  it('cannot be ended from inside, in HTML or in Markdown', () => {
    const supportUrl = 'https://help.example.com/a)(b"c<d>`e';
    expect(linked(supportUrl)).toContain('href="https://help.example.com/a%29%28b%22c%3Cd%3E%60e"');
    const company = { ...hosting.company, supportUrl };
    expect(markdownOf({ ...hosting, company })).toContain('](https://help.example.com/a%29%28b%22c%3Cd%3E%60e)');
  });
});

it('an anchor cannot end its attribute either', () => {
  const { errors } = hosting;
  const invalid = { ...errors.denials.invalid_token, code: '"><img src=x onerror=alert(1)>' };
  const html = htmlOf({ ...hosting, errors: { ...errors, denials: { ...errors.denials, invalid_token: invalid } } });
  expect(html).not.toContain('<img');
  expect(html).toContain('id="&#34;&#62;&#60;img src=x onerror=alert(1)&#62;"');
});

describe('samples', () => {
  const profile = (apiBaseUrl: string): Profile => ({ ...deployerp, company: { ...deployerp.company, apiBaseUrl } });

  it('quote an address so that no language takes any of it for a program', () => {
    const text = markdownOf(profile('https://api.example.com/\'$(id)`id`"\\'));
    expect(text).toContain("'https://api.example.com/'\\''$(id)`id`\"\\/v1/servers'");
    expect(text).toContain("fetch('https://api.example.com/\\'$(id)`id`\"\\\\/v1/servers'");
    expect(text).toContain('"https://api.example.com/\'$(id)`id`\\"\\\\/v1/servers"');
    expect(text).toContain("curl_init('https://api.example.com/\\'$(id)`id`\"\\\\/v1/servers')");
  });

  it('stand in fences that they cannot end', () => {
    const text = markdownOf(profile('https://api.example.com/```x'));
    expect(text).toContain('````sh\n');
  });
});

describe('llms.txt', () => {
  it('has one title, a summary, and lists of links below its headings', () => {
    const lines = renderLlmsText(guideFor(hosting)).trimEnd().split('\n');
    expect(lines[0]).toBe('# Example Hosting API: Authentication');
    expect(lines[2]).toMatch(/^> /);
    expect(lines.filter((line) => line.startsWith('# '))).toHaveLength(1);
    const below = lines.slice(lines.findIndex((line) => line.startsWith('## ')));
    for (const line of below) expect(line).toMatch(/^(?:|## \w+|- \[[^\]]+\]\([^)]+\): .+)$/);
    expect(below).toEqual(expect.arrayContaining(['## Guide', '## Reference', '## Optional']));
    expect(below.join('\n')).toMatch(/\]\(guide\.md\)[\s\S]*\]\(reference\)[\s\S]*\]\(openapi\.json\)/);
  });
});

it('a profile of these texts would not be taken where they are not fit to be read', () => {
  const { profile, problems } = checkProfile(
    JSON.stringify({ ...hosting, words: { ...hosting.words, token: 'a\nb' } }),
  );
  expect(profile).toBeNull();
  expect(problems.map(({ path }) => path)).toContain('$.words.token');
});
