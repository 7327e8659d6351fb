import type { ConfigOf, ConfigPart } from '../config/config.js';
import { ConfigError } from '../config/config-error.js';
import { type Environment, parseConfig } from '../config/parse-config.js';
import { examineDatabase } from './doctor-database.js';
import { check, type Finding, fine, problem } from './doctor-finding.js';
import { examineKafka } from './doctor-kafka.js';
import { examineKeys } from './doctor-keys.js';
import { examineRegistry } from './doctor-registry.js';
import { examineSmtp } from './doctor-smtp.js';

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
    check('settings', () => examineSettings(environment)),
    having(['kafka'], (config) => check('kafka', () => examineKafka(config))),
    having(['kafka', 'registry'], (config) => check('registry', () => examineRegistry(config))),
    having(['database'], (config) => check('database', () => examineDatabase(config))),
    having(['payloadKeys', 'database'], (config) => check('payload keys', () => examineKeys(config))),
    having(['email', 'delivery'], (config) => check('smtp', () => examineSmtp(config))),
  ]);
  return findings.flat();
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
