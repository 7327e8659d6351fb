import type { Variable } from './model.js';
import { PROMETHEUS } from './sources.js';

const datasource: Variable = {
  type: 'datasource',
  name: 'datasource',
  label: 'Prometheus',
  query: 'prometheus',
  current: { text: 'prometheus', value: 'prometheus' },
};

const values = (name: string, label: string, description: string, query: string, regex = ''): Variable => ({
  type: 'query',
  name,
  label,
  description,
  datasource: PROMETHEUS,
  query: { query, refId: name },
  regex,
  refresh: 2,
  sort: 1,
  multi: true,
  includeAll: true,
  allValue: '.*',
  current: { text: ['All'], value: [`$__all`] },
});

export const variables = {
  datasource,
  channel: values('channel', 'Channel', 'E-mail, text message', 'label_values(comms_settled_total, channel)'),
  module: values(
    'module',
    'Module',
    'What its templates begin with',
    'label_values(comms_settled_total, template)',
    '/^([^_]+)_/',
  ),
  template: values(
    'template',
    'Template',
    'As in the log: auth_otp',
    'label_values(comms_settled_total{channel=~"$channel", template=~"($module)_.*"}, template)',
  ),
  priority: values(
    'priority',
    'Priority',
    'High goes before medium before low',
    'label_values(comms_queue_depth, priority)',
  ),
  topic: values('topic', 'Topic', 'Topics that the service reads', 'label_values(comms_consumer_lag, topic)'),
  instance: values(
    'instance',
    'Instance',
    'One running service',
    'label_values(up{job="communications"}, instance)',
  ),
};
