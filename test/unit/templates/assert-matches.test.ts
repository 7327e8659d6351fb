import { expect, it } from 'vitest';
import { templateNeeds } from '../../../src/generated/templates.js';
import { assertMatches } from '../../../src/templates/assert-matches.js';
import { loadTemplates } from '../../../src/templates/templates.js';

const templates = loadTemplates('templates');
const rule = { name: 'auth/verification-code', template: 'auth/otp', via: ['email'] as const };

it('lets through rules whose templates are what they were type-checked against', () => {
  expect(() => assertMatches({ all: [rule] }, templates, templateNeeds)).not.toThrow();
});

it('lists every rule whose template is missing, lacks a channel or has changed', () => {
  const rules = [
    { ...rule, name: 'auth/a', template: 'auth/opt' },
    { ...rule, name: 'auth/b', template: 'auth/invitation', via: ['email', 'sms'] as const },
    { ...rule, name: 'auth/c' },
  ];
  const stale = { 'auth/otp': { channels: ['email'] as const, variables: ['code', 'name'] } };
  expect(() => assertMatches({ all: rules }, templates, stale)).toThrow(
    /auth\/a: there is no template auth\/opt[\s\S]*auth\/b: auth\/invitation has no parts for sms[\s\S]*auth\/c: auth\/otp now takes code, ip_address, name, purpose, valid_until; run npm run generate/,
  );
});
