import type { Block, Prose, Section } from './document.ts';
import { code, link, listed, plain, prose, sample, strong } from './prose.ts';
import type { Subject } from './subject.ts';
import { durationText } from './voice.ts';

/** Where a token comes from: the steps on the dashboard, or who takes them where that is somebody else. */
export function getToken(subject: Subject): Section {
  const { profile, voice } = subject;
  const { onePerOwner, selfService } = profile;
  const blocks: Block[] = [];
  if (!selfService) {
    blocks.push({
      is: 'paragraph',
      text: prose`An administrator makes it for you. If you are one, these are the steps; otherwise ask for it, and say what it is for.`,
    });
  }
  blocks.push({ is: 'steps', items: [...way(subject), ...choices(subject), finish(subject), keep(subject)] });
  blocks.push({
    is: 'code',
    sample: sample(
      'sh',
      `# asks for it, so that it does not stay in the history of your shell\n${readCommand(subject)}`,
    ),
  });
  if (onePerOwner) blocks.push({ is: 'note', text: replaces(subject) });
  blocks.push(...appearance(subject));
  return {
    id: 'get',
    title: prose`Get your ${voice.token}`,
    blocks,
  };
}

function readCommand({ variable }: Subject): string {
  return `read -rs ${variable} && export ${variable}`;
}

function way({ profile: { company, words, selfService, onePerOwner }, voice }: Subject): Prose[] {
  const place = company.signInUrl === null ? prose`${company.name}` : [link(company.signInUrl, company.signInUrl)];
  const others = selfService
    ? prose` If you belong to more than one organisation there, switch to the right one first: ${voice.aToken} works for the one it was made in.`
    : [];
  const paths = words.menuPaths.map((path) => strong(path.join(' → ')));
  return [
    prose`Sign in ${company.signInUrl === null ? plain('to ') : plain('at ')}${place}.${others}`,
    prose`Open ${listed(paths, 'or')}.`,
    onePerOwner
      ? prose`Choose ${strong(words.createButton)}.`
      : prose`Choose ${strong(words.createButton)} and name it after the application that will use it. In a year the name is what tells you which one to replace.`,
  ];
}

function choices({ profile, voice }: Subject): Prose[] {
  const { grants, levels, templates, expiry, onePerOwner } = profile;
  const steps: Prose[] = [];
  const ways: Prose[] = [];
  const permissions = link('permissions', '#permissions');
  if (grants.includes('permissions')) {
    const ready = templates.map(({ name }) => strong(name));
    const start = ready.length === 0 ? [] : prose`, or start from ${listed(ready, 'or')}`;
    ways.push(prose`select the ${permissions} it needs and no others${start}`);
  }
  if (grants.includes('level')) {
    const names = levels.map(({ level }) => strong(level));
    ways.push(prose`choose the lowest ${link('level', '#permissions')} that is enough: ${listed(names, 'or')}`);
  }
  if (grants.includes('inherit') && grants.length > 1) {
    ways.push(prose`let it do whatever you may do yourself`);
  }
  if (ways.length > 0)
    steps.push(sentence(ways.flatMap((one, index) => prose`${plain(index === 0 ? '' : ', or ')}${one}`)));
  if (grants.includes('inherit') && grants.length === 1 && !onePerOwner) {
    steps.push(
      prose`There is nothing to select: ${voice.aToken} may do what the user it belongs to may do. For a program that runs on its own, use an account that may do only what the program needs.`,
    );
  }
  if (!onePerOwner) {
    const most = expiry.lifetimeMax === null ? [] : prose` (at most ${plain(durationText(expiry.lifetimeMax))} away)`;
    steps.push(
      prose`If you like, set a date on which it ends${most} and the IP addresses from which it may be used. Both limit what a lost one is good for.`,
    );
  }
  return steps;
}

function finish({ profile: { words, onePerOwner, expiry }, voice }: Subject): Prose {
  const shown =
    onePerOwner && expiry.lifetime !== null
      ? prose`The ${voice.token} and the date on which it ends are shown`
      : prose`The ${voice.token} is shown`;
  const once = prose`this one time and never again: copy all of it at once. Nobody can look it up later${onePerOwner ? [] : prose`; if it gets lost, make another and revoke this one`}.`;
  const isOneStep = onePerOwner && words.createButton === words.saveButton;
  return isOneStep ? prose`${shown} ${once}` : prose`Confirm with ${strong(words.saveButton)}. ${shown} ${once}`;
}

function keep({ variable, profile: { selfService } }: Subject): Prose {
  const hand = selfService
    ? []
    : prose`If somebody else will use it, hand it over through a password manager, never by e-mail or chat. `;
  return prose`${hand}Keep it in a password manager or a secret store, and give it to your application in the environment variable ${code(variable)}; the samples below read it from there.`;
}

function replaces({ voice, profile: { selfService } }: Subject): Prose {
  return selfService
    ? prose`You have one ${voice.token} at a time. Making a new one ends the one before it at once: whatever still uses that one stops working until you give it the new one.`
    : prose`A user has one ${voice.token} at a time. Making a new one for the same user ends the one before it at once: whatever still uses that one stops working until it is given the new one.`;
}

function appearance({ profile: { token, company }, apiUrl, beginnings, voice }: Subject): Block[] {
  const { testApiBaseUrl } = company;
  const [only = '', second] = beginnings;
  if (second === undefined) {
    return [{ is: 'paragraph', text: prose`${voice.ATokenUpper} is ${code(only)} followed by 32 letters and digits.` }];
  }
  const meanings = { live: 'works with real data', test: 'is for trying things out' };
  return [
    {
      is: 'paragraph',
      text: prose`${voice.ATokenUpper} is 32 letters and digits after a beginning that says what it is for:`,
    },
    {
      is: 'list',
      items: token.environments.map(
        (environment, index) => prose`${code(beginnings[index] ?? '')} ${plain(meanings[environment])}`,
      ),
    },
    {
      is: 'paragraph',
      text:
        testApiBaseUrl === null || !token.environments.includes('test')
          ? prose`Each is refused where the other is expected. Use separate ${voice.tokens} for development and for production.`
          : prose`Those for trying things out work at ${code(testApiBaseUrl)} in place of ${code(apiUrl)}, and each is refused where the other is expected. Use separate ${voice.tokens} for development and for production.`,
    },
  ];
}

/** With a capital and a full stop. */
function sentence(spans: Prose): Prose {
  const [first, ...rest] = spans;
  if (first === undefined) return spans;
  return prose`${{ ...first, text: first.text.charAt(0).toUpperCase() + first.text.slice(1) }}${rest}.`;
}
