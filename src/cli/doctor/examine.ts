import type { ConfigOf, ConfigPart } from '../../config/config.js';
import { ConfigError } from '../../config/config-error.js';
import { type Environment, parseConfig } from '../../config/parse-config.js';
import { strangeVariables } from '../../config/strange-variables.js';
import { type Database, openDatabase } from '../../store/database.js';
import { databaseFailure } from '../../store/database-failure.js';
import { examineDatabase } from './database.js';
import { examineDelivery } from './delivery.js';
import { examineDirectory } from './directory.js';
import { check, type Finding, fine, problem, warning } from './finding.js';
import { examineKafka } from './kafka.js';
import { examineKeys } from './keys.js';
import { examineLag } from './lag.js';
import { examineRegistry } from './registry.js';
import { examineService } from './service.js';
import { examineSmtp } from './smtp.js';
import { examineWaiting } from './waiting.js';

/** Every check, in the order in which to mend. What depends on a setting that is wrong is not tried. */
export async function examine(environment: Environment): Promise<Finding[]> {
  const having = async <Part extends ConfigPart>(
    needs: readonly Part[],
    run: (config: ConfigOf<Part>) => Promise<Finding[]>,
  ): Promise<Finding[]> => {
    const config = readable(environment, needs);
    return config === null ? [] : run(config);
  };
  const findings = await Promise.all([
    check('settings', () => [...examineSettings(environment), ...examineNames(environment)]),
    having(['kafka'], (config) => check('kafka', () => examineKafka(config))),
    having(['kafka'], (config) => check('lag', () => examineLag(config))),
    having(['kafka', 'registry'], (config) => check('registry', () => examineRegistry(config))),
    having(['database'], (config) => check('database', () => examineDatabase(config))),
    having(['payloadKeys', 'database'], (config) => check('payload keys', () => examineKeys(config))),
    having(['email'], (config) => check('smtp', () => examineSmtp(config))),
    having(['delivery', 'sms'], async (config) => examineDelivery(config)),
    having(['database'], (config) => check('service', () => inDatabase(config, examineService))),
    having(['database'], (config) => check('directory', () => inDatabase(config, examineDirectory))),
    having(['database'], (config) => check('waiting', () => inDatabase(config, examineWaiting))),
  ]);
  return findings.flat();
}

/** Whether it answers, and has its tables, is another check's business. */
async function inDatabase(
  { databaseUrl }: ConfigOf<'database'>,
  run: (database: Database) => Promise<Finding[]>,
): Promise<Finding[]> {
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  try {
    return await run(database);
  } catch (error) {
    if (databaseFailure(error) === 'outage') return [];
    throw error;
  } finally {
    await database.close();
  }
}

function readable<Part extends ConfigPart>(
  environment: Environment,
  needs: readonly Part[],
): ConfigOf<Part> | null {
  try {
    return parseConfig(environment, { needs });
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}

function examineSettings(environment: Environment): Finding[] {
  try {
    parseConfig(environment);
    return [fine('settings', 'complete and well-formed')];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((text) => problem('settings', text));
  }
}

function examineNames(environment: Environment): Finding[] {
  return strangeVariables(environment).map(({ name, meant }) =>
    warning(
      'settings',
      `nobody reads ${name}`,
      meant === null ? 'look for its right name in .env.example, or take it away' : `did you mean ${meant}?`,
    ),
  );
}
