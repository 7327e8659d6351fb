import kafkajs from 'kafkajs';
import { ConfigError } from '../config/config-error.js';
import { RegistryUnavailable } from '../contracts/registry-unavailable.js';
import { DefinitionError } from '../domain/definition-error.js';
import { maskText } from '../domain/mask-text.js';
import { SetupError } from '../domain/setup-error.js';
import { summarizeError } from '../observability/error-summary.js';
import { databaseFailure, sqlState } from '../store/database-failure.js';
import { MissingKey } from '../store/sealing.js';
import { CommandError } from './command-error.js';

const UNDEFINED_TABLE = '42P01';
const UNDEFINED_COLUMN = '42703';

/** What and why and what to do, on as many lines as they need. */
const SAY_ALL = [ConfigError, CommandError, DefinitionError, SetupError, MissingKey];

/** What to tell people: what went wrong and what to do, on one line unless the error itself lists several things. */
export function explainError(error: unknown): string {
  if (error instanceof Error && SAY_ALL.some((kind) => error instanceof kind)) return error.message;
  if (error instanceof RegistryUnavailable) return `${error.message}. Look at SCHEMA_REGISTRY_URL.`;
  if (error instanceof kafkajs.KafkaJSError)
    return `Kafka gave no answer (${error.message}). Look at KAFKA_BROKERS.`;
  const state = sqlState(error);
  if (state === UNDEFINED_TABLE || state === UNDEFINED_COLUMN) {
    return 'The database lacks a table or column that this program needs. Run "comms migrate".';
  }
  const message = maskText(summarizeError(error).message).split('\n')[0] ?? '';
  if (databaseFailure(error) === 'outage') {
    return message.includes('DATABASE_URL')
      ? message
      : `The database gave no answer (${message}). Look at DATABASE_URL.`;
  }
  return `Unexpected: ${message} (LOG_LEVEL=debug shows where it happened)`;
}
