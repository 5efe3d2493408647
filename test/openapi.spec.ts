import { Spectral, type RulesetDefinition } from '@stoplight/spectral-core';
import owasp from '@stoplight/spectral-owasp-ruleset';
import { oas } from '@stoplight/spectral-rulesets';
import { describedApi } from './support/described-answers.js';

/** What we do not follow, everywhere or at some places, and why. Each has to be needed. */
const EXCEPTIONS: readonly { rule: string; at: RegExp; because: string }[] = [
  {
    rule: 'owasp:api2:2023-write-restricted',
    at: /^paths \/v1\/auth\/(register|login|refresh) /,
    because: 'Who has no token yet gets one here; attempts are limited by address and by person.',
  },
  {
    rule: 'owasp:api2:2023-read-restricted',
    at: /^paths \/health/,
    because: 'Load balancers have no token, and the answer is one of four words.',
  },
  {
    rule: 'owasp:api8:2023-define-error-responses-401',
    at: /^paths (\/health|\/v1\/auth\/register )/,
    because: 'Nobody has to say who they are there, so nothing is answered with 401.',
  },
  {
    rule: 'owasp:api4:2023-rate-limit-responses-429',
    at: /^paths \/health/,
    because: 'A probe that is refused because it asks often would have a healthy server restarted.',
  },
  {
    rule: 'owasp:api4:2023-rate-limit',
    at: /^paths /,
    because:
      'A request counts against several limits (its person, its address, the name that is tried). Telling all of ' +
      'them with every answer tells an attacker how to stay below them; who is refused gets Retry-After.',
  },
  {
    rule: 'owasp:api4:2023-array-limit',
    at: /SessionListResponse|\/v1\/auth\/sessions/,
    because: 'A person has as many sessions as they logged in and did not end; the list is theirs alone.',
  },
  {
    rule: 'owasp:api4:2023-string-restricted',
    at: /./,
    because: 'What people write has no pattern, and cursors are opaque. Every string has a greatest length.',
  },
  { rule: 'contact-properties', at: /^info/, because: 'Whoever runs a Parley is its contact; we do not know them.' },
  { rule: 'openapi-tags-alphabetical', at: /^tags/, because: 'They stand in the order in which one reads them.' },
  {
    rule: 'operation-description',
    at: /^paths /,
    because: 'Every operation has a summary; where that says it all, more words would only repeat it.',
  },
];

/** Every rule of both sets, also those that are off by default. Their types are not those of the linter. */
const ruleset = {
  extends: [
    [oas, 'all'],
    [owasp, 'all'],
  ],
} as unknown as RulesetDefinition;

describe('docs/openapi.json', () => {
  it('follows the rules of OpenAPI and of OWASP, but for exceptions that are needed', async () => {
    const spectral = new Spectral();
    spectral.setRuleset(ruleset);
    const findings = await spectral.run({ ...describedApi() });
    const found = findings.map(({ code, path, message }) => ({ rule: code, at: path.join(' '), message }));
    const isExcept = (exception: (typeof EXCEPTIONS)[number], { rule, at }: (typeof found)[number]): boolean =>
      exception.rule === rule && exception.at.test(at);
    expect(found.filter((one) => !EXCEPTIONS.some((exception) => isExcept(exception, one)))).toEqual([]);
    expect(EXCEPTIONS.filter((exception) => !found.some((one) => isExcept(exception, one)))).toEqual([]);
  });
});
