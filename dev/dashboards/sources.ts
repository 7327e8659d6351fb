import type { DataSource } from './model.js';

/** Chosen at the head of each dashboard; provisioned as `prometheus`. */
export const PROMETHEUS: DataSource = { type: 'prometheus', uid: `\${datasource}` };

/** Reads the view of failures by a role of its own: grafana/read-only-role.sql. */
export const POSTGRESQL: DataSource = { type: 'grafana-postgresql-datasource', uid: 'communications-log' };

export const BUILT_IN: DataSource = { type: 'datasource', uid: 'grafana' };
