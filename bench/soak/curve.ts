/** A picture that Markdown shows: values over time, in at most so many points. */
export interface Curve {
  readonly title: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** What a point says of the values that it stands for. */
  readonly as: (values: readonly number[]) => number;
}

const POINTS = 30;

export function mermaidCurve({ title, unit, values, as }: Curve, minutes: number): string {
  const each = Math.max(1, Math.ceil(values.length / POINTS));
  const points: number[] = [];
  for (let from = 0; from < values.length; from += each) points.push(as(values.slice(from, from + each)));
  const top = Math.max(1, Math.ceil(Math.max(...points) * 1.2));
  return [
    '```mermaid',
    'xychart-beta',
    `    title "${title}"`,
    `    x-axis "minutes" 0 --> ${Math.max(1, Math.round(minutes))}`,
    `    y-axis "${unit}" 0 --> ${top}`,
    `    line [${points.map((point) => point.toFixed(1)).join(', ')}]`,
    '```',
  ].join('\n');
}
