import type { Prose, Section } from './document.ts';
import { code, link, prose, sample, strong } from './prose.ts';
import type { Subject } from './subject.ts';

/** What keeps a token from being somebody else's. */
export function safety({ profile, voice, variable }: Subject): Section {
  const { grants, onePerOwner, selfService } = profile;
  const advice: Prose[] = [
    prose`${strong('Out of the code.')} Read it from the environment or a secret store, never from a source file. Keep files that hold it out of version control, as below. What was committed once is in the history for good: revoke it.`,
    prose`${strong('Out of the browser and the app.')} Whoever runs your page or your app can take it apart. Let your own server make the calls.`,
    prose`${strong('Out of the logs.')} Do not log the ${code('Authorization')} header, nor the whole request. The id of ${voice.aToken} is safe to log.`,
    ...(onePerOwner
      ? []
      : [
          prose`${strong('One for each application.')} Then you can stop one without stopping the others, and see which of them does what.`,
        ]),
    grants.includes('permissions') || grants.includes('level')
      ? prose`${strong('Only what it needs.')} Give it the ${link('permissions', '#permissions')} of its task. What it cannot do, a thief cannot do either.`
      : prose`${strong('Only what it needs.')} Let it belong to an account that may do no more than its task.`,
    ...(selfService
      ? [
          prose`${strong('Only from where it is used.')} A program that runs on your own servers can be bound to their IP addresses.`,
        ]
      : []),
    prose`${strong('Only over HTTPS.')} Do not switch off the check of certificates, not even to try something.`,
    prose`${strong('Not for ever.')} ${link('Replace it', '#rotation')} every few months, and ${link('stop it', '#revocation')} at once when it may have been seen. Look now and then at when each was last used, and revoke what nobody uses.`,
  ];
  return {
    id: 'safety',
    title: prose`Keep it safe`,
    blocks: [
      { is: 'paragraph', text: prose`Whoever has the ${voice.token} is you, as far as the API can tell.` },
      { is: 'list', items: advice },
      {
        is: 'code',
        sample: sample(
          'sh',
          `# keeps files that hold ${variable} out of version control\nprintf '%s\\n' '.env' '.env.*' >> .gitignore`,
        ),
      },
    ],
  };
}
