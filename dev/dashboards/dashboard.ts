import type { Dashboard, DashboardLink, Panel, PlacedPanel, Variable } from './model.js';
import { ALERT_LINK, type Sized, text } from './panels.js';
import { type AlertSection, OPERATING, withoutLinks } from './runbook.js';
import { PROMETHEUS } from './sources.js';

const COLUMNS = 24;

export interface DashboardPlan {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly from: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly DashboardRow[];
}

export interface DashboardRow {
  readonly title: string;
  readonly panels: readonly Sized[];
}

export interface Sibling {
  readonly uid: string;
  readonly title: string;
}

/** Places the panels from left to right, and adds at the end what the book says of the alerts that they name. */
export function dashboard(
  plan: DashboardPlan,
  siblings: readonly Sibling[],
  sections: readonly AlertSection[],
): Dashboard {
  const named = new Set(
    plan.rows.flatMap(({ panels }) =>
      panels.flatMap(({ panel }) => (panel.links ?? []).map(({ url }) => url.slice(ALERT_LINK.length))),
    ),
  );
  const book = sections.filter(({ alert }) => named.has(alert));
  for (const alert of named) {
    if (!book.some((section) => section.alert === alert))
      throw new Error(`${plan.title}: ${OPERATING} has no section on the alert ${alert}`);
  }
  const bookText = [
    `How these commands are typed where the service runs in containers: ${OPERATING}, “When an alert fires”.`,
    ...book.map(({ alert, text: words }) => `## ${alert}\n\n${withoutLinks(words)}`),
  ].join('\n\n');
  const bookPanel = text(
    'When an alert fires',
    `The sections of ${OPERATING} on the alerts that concern this dashboard.`,
    bookText,
    18,
  );
  const placed = place([...plan.rows, { title: 'What to do', panels: [bookPanel] }]);
  const bookId = placed.at(-1)?.id;
  const bookUrl = `/d/${plan.uid}?viewPanel=${bookId}`;

  return {
    uid: plan.uid,
    title: plan.title,
    description: plan.description,
    tags: ['communications'],
    timezone: 'Africa/Nairobi',
    schemaVersion: 39,
    version: 1,
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: plan.from, to: 'now' },
    links: [
      ...siblings
        .filter(({ uid }) => uid !== plan.uid)
        .map(({ uid, title }) => link(title, `/d/${uid}`, 'dashboard')),
      link('When an alert fires', bookUrl, 'doc', `${OPERATING}#when-an-alert-fires`),
    ],
    templating: { list: plan.variables },
    annotations: {
      list: [
        {
          name: 'Alerts',
          enable: true,
          iconColor: 'red',
          datasource: PROMETHEUS,
          expr: 'max by (alertname, severity) (ALERTS{alertstate="firing", job!~"prometheus|grafana"})',
          titleFormat: '{{alertname}}',
          textFormat: '{{severity}}',
        },
      ],
    },
    panels: placed.map((panel) => withBookLinks(panel, bookUrl)),
  };
}

function place(rows: readonly DashboardRow[]): PlacedPanel[] {
  const placed: PlacedPanel[] = [];
  let y = 0;
  const put = (panel: Panel, x: number, w: number, h: number) =>
    placed.push({ id: placed.length + 1, ...panel, gridPos: { x, y, w, h } });
  for (const { title, panels } of rows) {
    put({ type: 'row', title, collapsed: false, panels: [] }, 0, COLUMNS, 1);
    y += 1;
    let x = 0;
    let tallest = 0;
    for (const { panel, width, height } of panels) {
      if (x + width > COLUMNS) {
        x = 0;
        y += tallest;
        tallest = 0;
      }
      put(panel, x, width, height);
      x += width;
      tallest = Math.max(tallest, height);
    }
    y += tallest;
  }
  return placed;
}

const withBookLinks = ({ links, ...panel }: PlacedPanel, url: string): PlacedPanel =>
  links === undefined || links.length === 0
    ? panel
    : { ...panel, links: links.map((one) => ({ ...one, title: `What to do: ${one.title}`, url })) };

const link = (title: string, url: string, icon: DashboardLink['icon'], tooltip = ''): DashboardLink => ({
  type: 'link',
  title,
  url,
  keepTime: true,
  includeVars: false,
  targetBlank: false,
  icon,
  tooltip,
  tags: [],
  asDropdown: false,
});
