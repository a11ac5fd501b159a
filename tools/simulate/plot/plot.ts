/**
 * A picture of runs, a row each: what came and went, what was behind, and how many tasks ran. Readable on light and on
 * dark.
 */
import type { Moment, Result } from "../run/result.ts";
import { SCENARIO } from "../scenarios.ts";
import { type LineShape, panelOf } from "./panel.ts";

const WIDTH = 960;
const ROW = { height: 150, title: 22 } as const;
const PANELS = 3;
/** Seconds over which what came and went is a mean: single seconds are jagged. */
const SMOOTH_SECONDS = 10;
const STYLE =
  "text{font:11px system-ui,sans-serif;fill:#333}.title{font-weight:600;font-size:13px}" +
  ".axis{fill:#777;font-size:10px}.end{text-anchor:end}" +
  "\n" +
  ".grid{stroke:#ddd;stroke-width:1}.line{fill:none;stroke-width:1.5;stroke-linejoin:round}" +
  ".line.a{stroke:#0b62c4}.line.b{stroke:#c2520a}.name.a{fill:#0b62c4}.name.b{fill:#c2520a}" +
  ".ground{fill:#fff}" +
  "\n" +
  "@media(prefers-color-scheme:dark){text{fill:#ddd}.axis{fill:#999}.grid{stroke:#333}" +
  ".line.a{stroke:#6db3ff}.line.b{stroke:#ffa05c}.name.a{fill:#6db3ff}.name.b{fill:#ffa05c}" +
  ".ground{fill:#111}}";

export interface Run {
  readonly result: Result;
  readonly moments: readonly Moment[];
}

export function plotOf(runs: readonly Run[]): string {
  const height = runs.length * (ROW.height + ROW.title) + 8;
  const rows = runs.map((run, index) => rowOf(run, index * (ROW.height + ROW.title)));
  const names = runs.map(({ result }) => result.scenario).join(", ");
  const label = `Simulated runs: ${names}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}">
<style>${STYLE}</style>
<rect class="ground" width="${WIDTH}" height="${height}"/>
${rows.join("\n")}
</svg>
`;
}

function rowOf({ result, moments }: Run, y: number): string {
  const { scenario, policy } = result;
  const width = WIDTH / PANELS;
  const of = (name: string, colour: "a" | "b", value: (moment: Moment) => number): LineShape => ({
    name,
    colour,
    values: moments.map(value),
  });
  const panels = [
    [
      smooth(of("written a second", "a", (moment) => moment.writtenPerSecond)),
      smooth(of("confirmed a second", "b", (moment) => moment.confirmedPerSecond)),
    ],
    [of("backlog", "a", (moment) => moment.backlog), of("parked", "b", (moment) => moment.parked)],
    [of("tasks running", "a", (moment) => moment.tasks)],
  ];
  const title = `${scenario}${policy === "pipeline" ? "" : `, ${policy}`}: ${SCENARIO[scenario].what}`;
  const charts = panels.map((lines, index) =>
    panelOf({ x: index * width, y: y + ROW.title, width, height: ROW.height, lines }),
  );
  return `<text class="title" x="8" y="${y + 16}">${title}</text>${charts.join("")}`;
}

function smooth(line: LineShape): LineShape {
  return { ...line, values: mean(line.values) };
}

function mean(values: readonly number[]): number[] {
  return values.map((_, index) => {
    const some = values.slice(Math.max(0, index - SMOOTH_SECONDS + 1), index + 1);
    return some.reduce((sum, value) => sum + value, 0) / some.length;
  });
}
