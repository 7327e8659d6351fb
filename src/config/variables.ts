import type { z } from 'zod';
import { brakeVariables } from './parts/brake.js';
import { databaseVariables } from './parts/database.js';
import { deliveryVariables } from './parts/delivery.js';
import { emailVariables } from './parts/email.js';
import { httpVariables } from './parts/http.js';
import { kafkaVariables } from './parts/kafka.js';
import { payloadKeyVariables } from './parts/payload-keys.js';
import { registryVariables } from './parts/registry.js';
import { serviceVariables } from './parts/service.js';
import { smsVariables } from './parts/sms.js';
import { type VariableNotes, variableNotes } from './variable.js';

export interface Variable extends VariableNotes {
  readonly name: string;
}

export interface VariableGroup {
  readonly title: string;
  readonly variables: readonly Variable[];
}

function group(
  title: string,
  { shape }: { readonly shape: Readonly<Record<string, z.ZodType>> },
): VariableGroup {
  const variables = Object.entries(shape).map(([name, schema]) => {
    const notes = variableNotes.get(schema);
    if (notes === undefined)
      throw new Error(`${name} has no notes: make it with required, withDefault or optional`);
    return { name, ...notes };
  });
  return { title, variables };
}

/** Every variable that is read, in the order in which people are shown them. */
export const VARIABLE_GROUPS: readonly VariableGroup[] = [
  group('Kafka', kafkaVariables),
  group('Schema registry', registryVariables),
  group('Database', databaseVariables),
  group('Sealing', payloadKeyVariables),
  group('E-mail', emailVariables),
  group('SMS', smsVariables),
  group('Delivery', deliveryVariables),
  group('Brake', brakeVariables),
  group('HTTP', httpVariables),
  group('Service', serviceVariables),
];

/** Known from the old system and accepted, but without effect until SMS is sent. */
export const LATER_VARIABLES: readonly Pick<Variable, 'name' | 'example' | 'meaning'>[] = [
  { name: 'SMS_API_KEY', example: 'change-me', meaning: 'Key at the SMS provider' },
  { name: 'SMS_USERNAME', example: 'sandbox', meaning: 'User name at the SMS provider' },
  { name: 'SMS_SENDER_ID', example: 'CHESANTO', meaning: 'Sender that people see' },
];
