import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { segmentsOf } from '../../../src/channels/sms/segments.js';
import { loadContracts } from '../../../src/contracts/contract.js';
import { mails, preheaderOf, texts } from './samples.js';

const brand = JSON.parse(readFileSync('templates/brand.json', 'utf8'));
/** The variables that carry a secret are named as the events' fields are. */
const SECRETS = loadContracts('schemas').all.flatMap(({ tags }) =>
  [...tags].filter(([, tag]) => tag === 'SECRET').map(([path]) => path),
);
const secretsOf = (context: Readonly<Record<string, unknown>>) =>
  SECRETS.flatMap((name) => (name in context ? [String(context[name])] : []));

/** What a reader of the page sees. */
const wordsOf = (html: string): string =>
  html
    .replace(/^[\s\S]*<\/head>/, '')
    .replace(/<div class="preheader"[\s\S]*?<\/div>/, '')
    .replace(/<\/?(?:strong|span|a)\b[^>]*>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&rsquo;', "'")
    .replaceAll('&#x27;', "'")
    .replaceAll('&#x3D;', '=')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
const figuresIn = (text: string) => new Set(text.match(/\d[\d,.:]*\d|\d/g));

it('knows which variables are secret', () => {
  expect(SECRETS.sort()).toEqual(['code', 'temporary_password']);
  expect(mails.filter(({ context }) => secretsOf(context).length > 0).length).toBeGreaterThan(5);
});

describe.each(mails)('the e-mail $template, $sample', ({ context, subject, html, text }) => {
  it('shows no secret before it is opened, and in the body in one piece', () => {
    for (const secret of secretsOf(context)) {
      expect(subject).not.toContain(secret);
      expect(preheaderOf(html)).not.toContain(secret);
      // Some lists of mails show how the text part begins.
      expect(text.replace(/\s+/g, ' ').slice(0, 100)).not.toContain(secret.slice(0, 3));
      expect(html.match(/<div [^>]*user-select:all;">([^<]*)<\/div>/)?.[1]).toBe(escaped(secret));
      expect(text).toMatch(new RegExp(`^ {4}${secret.replace(/\W/g, '\\$&')}$`, 'm'));
    }
  });

  it('has a subject and a preheader that say something', () => {
    expect(subject).toMatch(/^\S.{8,68}\S$/);
    expect(preheaderOf(html)).toMatch(/^\S.{30,130}[.!]$/);
    expect(preheaderOf(html)).not.toBe(subject);
  });

  it('says the same in both parts', () => {
    expect(figuresIn(text)).toEqual(figuresIn(wordsOf(html)));
    for (const word of stringsIn(context).filter((text) => !IN_OTHER_WORDS.test(text))) {
      expect(wordsOf(html)).toContain(word);
      expect(text).toContain(word);
    }
  });

  it('says who writes, where they are found and why', () => {
    for (const body of [wordsOf(html), text]) {
      for (const fact of [brand.name, brand.address, brand.support.email, brand.support.phone]) {
        expect(body).toContain(fact);
      }
      expect(body).toMatch(/You get this (e-mail )?because /);
    }
  });

  it('is a page in English that programs and screen readers can go through', () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en"/);
    expect(html.match(/<h1\b/g)).toHaveLength(1);
    for (const [table] of html.matchAll(/<table\b[^>]*>\s*(?:<\w[^>]*>\s*){2}/g)) {
      expect(table).toMatch(/^<table role="presentation"|<th scope=/);
    }
    for (const [tag] of html.matchAll(/<img\b[^>]*>/g)) expect(tag).toMatch(/ alt="[^"]+"/);
    expect(html.match(/<img\b/g)).toHaveLength(1);
  });

  it('holds in mail programs: no script, no flex, no link but web, mail and phone, below what Gmail clips', () => {
    expect(html).not.toMatch(/<script|<link|<iframe|display:\s*(?:flex|grid)|position:|@import|@font-face/);
    const links = [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, link]) => link);
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) expect(link).toMatch(/^(?:https?:\/\/|mailto:|tel:\+)/);
    expect(html).not.toMatch(/\{\{|undefined|NaN|\[object/);
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
  });

  it('colours cells for programs that know no styles', () => {
    for (const [tag] of html.matchAll(/<(?:td|table)\b[^>]*background-color[^>]*>/g)) {
      const [, colour] = /background-color:(#\w+)/.exec(tag) ?? [];
      expect(tag).toContain(`bgcolor="${colour}"`);
    }
  });

  it('has a text part written for 72 columns', () => {
    const foreign = Object.values(context).flatMap(stringsIn);
    const lines = text.split('\n').filter((line) => !foreign.some((value) => line.includes(value)));
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(72);
    expect(text.replace('\n-- \n', '\n')).not.toMatch(/^\n|\n{3}|[ \t]\n|\s$/);
    expect(text).not.toMatch(/&#?\w+;|undefined|NaN|\[object/);
  });
});

/** Symbols, instants and days. */
const IN_OTHER_WORDS = /^(?:[A-Z]+(?:_[A-Z]+)*|\d{4}-\d\d-\d\d(?:T.*)?)$/;

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&#x27;');

describe.each(texts)('the text message $template, $sample', ({ context, sms }) => {
  it('is one message on any phone, and says first who writes', () => {
    expect(segmentsOf(sms)).toMatchObject({ encoding: 'GSM-7', pieces: [sms] });
    expect(sms).toMatch(/^Chesanto Bakery: \S/);
    expect(sms).not.toMatch(/\n| {2}|undefined|NaN|\[object/);
  });

  it('shows a code where a lock screen does', () => {
    for (const secret of secretsOf(context)) {
      expect(sms.slice(0, 40)).toContain(` ${secret} `);
      expect(sms).toMatch(/valid until .* Never share it/);
    }
  });
});

describe('the e-mail with a code', () => {
  it.each([
    ['sample', 'to log in'],
    ['reset', 'to choose a new password'],
    ['unknown', 'to continue'],
  ])('%s says it is %s, how long, and what to do if nobody asked', (sample, words) => {
    const mail = mails.find((one) => one.template === 'auth/otp' && one.sample === sample);
    expect(mail?.subject).toBe('Your verification code');
    expect(wordsOf(mail?.html ?? '')).toContain(`enter this code ${words}:`);
    expect(mail?.text).toContain(`use the code below ${words} at ${brand.name}.`);
    for (const body of [wordsOf(mail?.html ?? ''), mail?.text]) {
      expect(body).toMatch(/[Vv]alid until\s\d\d:\d\d, 1 Oct 2025, Nairobi time/);
      expect(body).toContain('You did not ask for it? Then');
      expect(body?.includes('internet address')).toBe(sample !== 'unknown');
    }
  });
});
