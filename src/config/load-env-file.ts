import { existsSync } from 'node:fs';
import { loadEnvFile as load } from 'node:process';

/** Reads `.env` of the working directory into the environment, where there is one. What is set already stays. */
export function loadEnvFile(path = '.env'): void {
  if (existsSync(path)) load(path);
}
