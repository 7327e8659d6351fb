import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROMETHEUS_FOLDER } from './rule-tests.js';

const LOCAL: readonly (readonly [part: RegExp, local: (targets: string) => string])[] = [
  [/^ {2}scrape_interval: .*$/m, () => '  scrape_interval: 1s'],
  [/^ {2}scrape_timeout: .*$/m, () => '  scrape_timeout: 1s'],
  [/^ {2}evaluation_interval: .*$/m, () => '  evaluation_interval: 1s'],
  [/- rules\//, () => `- ${join(PROMETHEUS_FOLDER, 'rules')}/`],
  [
    /^ {4}# Each address[\s\S]*?(?=^ {2}- job_name)/m,
    (targets) => `    static_configs: [{ targets: [${targets}] }]\n`,
  ],
  [/^ {2}- job_name: prometheus\n[\s\S]*/m, () => ''],
];

/** The committed configuration, hurried, and with instances on this machine instead of behind a name. */
export function localConfig(targets: readonly string[]): string {
  const committed = readFileSync(join(PROMETHEUS_FOLDER, 'prometheus.yml'), 'utf8');
  return LOCAL.reduce((config, [part, local]) => {
    if (!part.test(config))
      throw new Error(`prometheus.yml has no ${part.source}: mend dev/verify-dashboards`);
    return config.replace(part, local(targets.map((target) => `'${target}'`).join(', ')));
  }, committed);
}
