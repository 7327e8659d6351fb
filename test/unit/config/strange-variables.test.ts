import { expect, it } from 'vitest';
import { strangeVariables } from '../../../src/config/strange-variables.js';
import { LATER_VARIABLES, VARIABLE_GROUPS } from '../../../src/config/variables.js';
import { WHOLE_ENVIRONMENT } from './a-whole-environment.js';

it('is a name like those that are read, which nobody reads', () => {
  const environment = {
    ...WHOLE_ENVIRONMENT,
    KAFKA_BROKER: 'localhost:9092',
    BRAKE_PER_RULLE: '5/1h',
    EMAIL_SMTP_PORT: '587',
    EMAIL_USE_TLSS: 'True',
    SMS_SENDER: 'CHESANTO',
    DELIVERY_FLAVOUR: 'vanilla',
    PATH: '/bin',
    HTTP_PROXY: 'http://proxy',
  };
  expect(strangeVariables(environment)).toEqual([
    { name: 'BRAKE_PER_RULLE', meant: 'BRAKE_PER_RULE' },
    { name: 'DELIVERY_FLAVOUR', meant: null },
    { name: 'EMAIL_SMTP_PORT', meant: null },
    { name: 'EMAIL_USE_TLSS', meant: 'EMAIL_USE_TLS' },
    { name: 'KAFKA_BROKER', meant: 'KAFKA_BROKERS' },
    { name: 'SMS_SENDER', meant: 'SMS_SENDER_ID' },
  ]);
});

it('is none of those that are read, now or later', () => {
  const names = [...VARIABLE_GROUPS.flatMap(({ variables }) => variables), ...LATER_VARIABLES];
  expect(strangeVariables(Object.fromEntries(names.map(({ name }) => [name, 'x'])))).toEqual([]);
});

it.each([
  'KAFKA_PORT',
  'KAFKA_SERVICE_HOST',
  'KAFKA_SERVICE_PORT',
  'KAFKA_SERVICE_PORT_HTTP',
  'KAFKA_PORT_9092_TCP',
  'SCHEMA_REGISTRY_PORT_8081_TCP_ADDR',
])('is not %s, which Kubernetes sets', (name) => {
  expect(strangeVariables({ [name]: 'tcp://10.0.0.7:9092' })).toEqual([]);
});
