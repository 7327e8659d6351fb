/** The part of Grafana's dashboard JSON (schema version 39, Grafana 11) that is used here. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly timezone: 'Africa/Nairobi';
  readonly schemaVersion: 39;
  readonly version: 1;
  readonly editable: boolean;
  readonly graphTooltip: 1;
  readonly refresh: string;
  readonly time: { readonly from: string; readonly to: 'now' };
  readonly links: readonly DashboardLink[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list: readonly Annotation[] };
  readonly panels: readonly PlacedPanel[];
}

export interface DataSource {
  readonly type: 'prometheus' | 'grafana-postgresql-datasource' | 'datasource';
  readonly uid: string;
}

export interface DashboardLink {
  readonly type: 'link';
  readonly title: string;
  readonly url: string;
  readonly keepTime: boolean;
  readonly includeVars: boolean;
  readonly targetBlank: boolean;
  readonly icon: 'dashboard' | 'doc';
  readonly tooltip: string;
  readonly tags: readonly string[];
  readonly asDropdown: false;
}

interface Annotation {
  readonly name: string;
  readonly enable: boolean;
  readonly iconColor: string;
  readonly datasource: DataSource;
  readonly expr: string;
  readonly titleFormat: string;
  readonly textFormat: string;
}

export type Variable =
  | {
      readonly type: 'datasource';
      readonly name: string;
      readonly label: string;
      readonly query: string;
      readonly current: { readonly text: string; readonly value: string };
    }
  | {
      readonly type: 'query';
      readonly name: string;
      readonly label: string;
      readonly description: string;
      readonly datasource: DataSource;
      readonly query: { readonly query: string; readonly refId: string };
      readonly regex: string;
      readonly refresh: 2;
      readonly sort: 1;
      readonly multi: true;
      readonly includeAll: true;
      readonly allValue: '.*';
      readonly current: { readonly text: readonly string[]; readonly value: readonly string[] };
    };

export interface PrometheusTarget {
  readonly refId: string;
  readonly datasource: DataSource;
  readonly expr: string;
  readonly legendFormat: string;
  readonly instant: boolean;
  readonly range: boolean;
}

export interface SqlTarget {
  readonly refId: string;
  readonly datasource: DataSource;
  readonly rawQuery: true;
  readonly rawSql: string;
  readonly format: 'table';
}

export type Unit =
  | 'none'
  | 'short'
  | 'percentunit'
  | 's'
  | 'bytes'
  | 'mpm'
  | 'epm'
  | 'opm'
  | 'bool_yes_no'
  | 'dateTimeAsIso'
  | 'string';

export type Thresholds = readonly { readonly value: number | null; readonly color: string }[];

export interface PanelLink {
  readonly title: string;
  readonly url: string;
  readonly targetBlank: boolean;
}

export interface Panel {
  readonly type: 'timeseries' | 'stat' | 'table' | 'state-timeline' | 'text' | 'row';
  readonly title: string;
  readonly description?: string;
  readonly datasource?: DataSource;
  readonly targets?: readonly (PrometheusTarget | SqlTarget)[];
  readonly fieldConfig?: object;
  readonly options?: object;
  readonly links?: readonly PanelLink[];
  readonly transformations?: readonly object[];
  readonly collapsed?: boolean;
  readonly panels?: readonly never[];
}

export interface PlacedPanel extends Panel {
  readonly id: number;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}
