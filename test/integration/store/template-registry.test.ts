import { beforeEach, describe, expect, it } from 'vitest';
import { defineModels } from '../../../src/store/models/define-models.js';
import { syncTemplates, type TemplateFile, templateStates } from '../../../src/store/template-registry.js';
import { clonedStore } from './cloned-store.js';

const store = clonedStore();
beforeEach(() => store.database.run('TRUNCATE communications_message_template'));

const file = (name: string, more: Partial<TemplateFile> = {}): TemplateFile => ({
  name,
  type: 'EMAIL',
  path: name.replace('_', '/'),
  subject: 'Your code',
  description: '',
  requiredContext: ['name', 'code'],
  contentHash: 'a1',
  ...more,
});
const row = async (name: string) =>
  defineModels(store.database.sequelize).messageTemplate.findOne({ where: { name } });

describe('template rows', () => {
  it('follow the files', async () => {
    expect(await syncTemplates(store.database, [file('auth_otp')])).toEqual([
      { name: 'auth_otp', version: 1, isActive: true },
    ]);
    expect((await row('auth_otp'))?.requiredContext).toEqual(['code', 'name']);
    expect((await row('auth_otp'))?.templatePath).toBe('auth/otp');
  });

  it('get a new version when the content changes, and only then', async () => {
    await syncTemplates(store.database, [file('auth_otp'), file('auth_invitation')]);
    expect(await syncTemplates(store.database, [file('auth_otp'), file('auth_invitation')])).toEqual([]);
    await syncTemplates(store.database, [file('auth_otp', { contentHash: 'b2' }), file('auth_invitation')]);
    await syncTemplates(store.database, [file('auth_otp', { contentHash: 'b2', description: 'For logins' })]);
    const states = await templateStates(store.database);
    expect(states.get('auth_otp')?.version).toBe(2);
    expect(states.get('auth_invitation')?.version).toBe(1);
    expect((await row('auth_otp'))?.description).toBe('For logins');
  });

  it('keep what people decided', async () => {
    await syncTemplates(store.database, [file('auth_otp')]);
    await store.database.run('UPDATE communications_message_template SET is_active = false');
    await syncTemplates(store.database, [file('auth_otp', { contentHash: 'b2' })]);
    expect((await templateStates(store.database)).get('auth_otp')).toEqual({
      name: 'auth_otp',
      version: 2,
      isActive: false,
    });
  });

  it('stay when a file is gone', async () => {
    await syncTemplates(store.database, [file('auth_otp')]);
    await syncTemplates(store.database, [file('auth_invitation')]);
    expect([...(await templateStates(store.database)).keys()].sort()).toEqual([
      'auth_invitation',
      'auth_otp',
    ]);
  });

  it('go up by one when ten instances start with the same change', async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `auth_t${index}`);
    await syncTemplates(
      store.database,
      names.map((name) => file(name)),
    );
    await Promise.all(
      Array.from({ length: 10 }, (_, index) => {
        const changed = names.map((name) => file(name, { contentHash: 'b2' }));
        return syncTemplates(store.database, index % 2 === 0 ? changed : changed.toReversed());
      }),
    );
    const versions = [...(await templateStates(store.database)).values()].map(({ version }) => version);
    expect(versions).toEqual(names.map(() => 2));
  });
});
