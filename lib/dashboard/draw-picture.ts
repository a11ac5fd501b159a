/**
 * The whole dashboard as one SVG, for the docs: the same panels and charts as elsewhere, on a ground that follows the
 * reader's choice of light or dark.
 */
import { drawChart, drawKey } from "./draw-chart.ts";
import { shortNumber, toneStyles } from "./show.ts";
import type { Shown, ShownAlarms, ShownChart, ShownContributors, ShownNumbers, ShownPanel } from "./shown.ts";

const WIDTH = 1280;
const COLUMNS = 24;
const GAP = 10;
const PAD = 12;
const HEADING = 30;
const CHART_HEIGHT = 130;
const LINE = 17;
const ALARM_COLUMNS = 4;
/** Wide enough for the letters of this size that the pictures have. */
const LETTER = 6.4;

const STYLE =
  "text{font:12px " +
  "system-ui,sans-serif;fill:#1c2330}.ground{fill:#f5f6f8}.panel{fill:#fff;" +
  "stroke:#dfe3e8}.section{font-size:13px;font-weight:600;fill:#5b6675}.title{font-size:13px;" +
  "font-weight:600}.big{font-size:19px;font-weight:600;fill:var(--tone)}.quiet," +
  ".tick{fill:#5b6675}.tick{font-size:11px;paint-order:stroke;stroke:#fff;" +
  "stroke-width:3}.end{text-anchor:end}.grid{stroke:#dfe3e8}.line{fill:none;stroke:var(--tone);stroke-width:1.75}" +
  ".area{fill:var(--tone);fill-opacity:.75}.key{fill:var(--tone);fill-opacity:.75}.bar{fill:#dfe3e8}" +
  ".alarm{fill:#b3261e;font-weight:600}.ok{fill:#00805f}@media (prefers-color-scheme:dark){text{fill:#e6eaf0}" +
  ".ground{fill:#0f1319}.panel{fill:#181e27;stroke:#2a3340}.quiet,.tick,.section{fill:#9aa6b6}" +
  ".tick{stroke:#181e27}.grid{stroke:#2a3340}.bar{fill:#2a3340}.alarm{fill:#ff8a80}.ok{fill:#2bb892}}";

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export function drawPicture(shown: Shown, title: string): string {
  let y = PAD;
  const drawn: string[] = [];
  for (const section of shown.sections) {
    drawn.push(text(PAD, y + 18, section.title, "section"));
    y += HEADING;
    for (const row of rowsOf(section.panels)) {
      const height = Math.max(...row.map((panel) => heightOf(panel)));
      let x = PAD;
      for (const panel of row) {
        const width = ((WIDTH - 2 * PAD + GAP) * panel.columns) / COLUMNS - GAP;
        drawn.push(`<rect class="panel" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`);
        drawn.push(text(x + 10, y + 20, panel.title, "title"));
        drawn.push(drawPanel(panel, { x: x + 10, y: y + 28, width: width - 20 }, shown));
        x += width + GAP;
      }
      y += height + GAP;
    }
  }
  const height = y + PAD;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" ` +
    `height="${height}" role="img" ` +
    `aria-label="${escaped(title)}"><style>${toneStyles()}${STYLE}</style><rect class="ground" ` +
    `width="${WIDTH}" height="${height}"/>${drawn.join("\n")}</svg>\n`
  );
}

function rowsOf(panels: readonly ShownPanel[]): readonly ShownPanel[][] {
  const rows: ShownPanel[][] = [];
  let used = COLUMNS;
  for (const panel of panels) {
    if (used + panel.columns > COLUMNS) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)?.push(panel);
    used += panel.columns;
  }
  return rows;
}

function heightOf(panel: ShownPanel): number {
  switch (panel.kind) {
    case "numbers":
      return 84;
    case "lines":
    case "areas":
      return 28 + CHART_HEIGHT + legendRows(panel) * LINE + 12;
    case "contributors":
      return 40 + panel.rows.length * (LINE + 3);
    default:
      return 44 + Math.ceil(panel.rows.length / ALARM_COLUMNS) * LINE;
  }
}

function legendRows({ series, columns }: ShownChart): number {
  return Math.ceil(series.length / legendColumns(columns));
}

function legendColumns(columns: number): number {
  return Math.max(2, Math.floor(columns / 3.5));
}

function drawPanel(panel: ShownPanel, place: Place, shown: Shown): string {
  switch (panel.kind) {
    case "numbers":
      return drawNumbers(panel, place);
    case "lines":
    case "areas":
      return drawPlot(panel, place, shown);
    case "contributors":
      return drawContributors(panel, place);
    default:
      return drawAlarms(panel, place);
  }
}

function drawNumbers({ series, unit }: ShownNumbers, { x, y, width }: Place): string {
  const step = width / series.length;
  return series
    .map(
      ({ label, tone, value }, index) =>
        text(x + index * step, y + 12, label, "quiet") +
        text(x + index * step, y + 40, shortNumber(value, unit), `big tone-${tone}`),
    )
    .join("");
}

function drawPlot(panel: ShownChart, { x, y, width }: Place, shown: Shown): string {
  const chart = drawChart(panel, { width, height: CHART_HEIGHT }, shown);
  const columns = legendColumns(panel.columns);
  const legend = panel.series.map(({ label, tone, value }, index) => {
    const left = x + ((index % columns) * width) / columns;
    const top = y + CHART_HEIGHT + LINE + Math.floor(index / columns) * LINE;
    const key = `<g class="tone-${tone}" transform="translate(${left} ${top - 10})">${drawKey(panel.kind, index)}</g>`;
    const behindKey = left + (panel.kind === "areas" ? 15 : 23);
    return key + text(behindKey, top, `${label} ${shortNumber(value, panel.unit)}`);
  });
  return `<g transform="translate(${x} ${y})">${chart}</g>${legend.join("")}`;
}

function drawContributors({ rows }: ShownContributors, { x, y, width }: Place): string {
  const most = rows[0]?.value ?? 1;
  return rows
    .map(({ name, value }, index) => {
      const top = y + index * (LINE + 3);
      const bar =
        `<rect class="bar" x="${x}" y="${top}" width="${Math.max(1, (width * value) / most)}" ` +
        `height="${LINE}" rx="3"/>`;
      const title = text(x + 5, top + 13, shortened(name, width - 80));
      return bar + title + text(x + width - 5, top + 13, shortNumber(value, "count"), "end");
    })
    .join("");
}

function drawAlarms({ rows }: ShownAlarms, { x, y, width }: Place): string {
  return rows
    .map(({ name, state }, index) => {
      const left = x + ((index % ALARM_COLUMNS) * width) / ALARM_COLUMNS;
      const top = y + 14 + Math.floor(index / ALARM_COLUMNS) * LINE;
      const isRaised = state === "ALARM";
      const mark = text(left, top, isRaised ? "▲" : "●", isRaised ? "alarm" : "ok");
      const short = shortened(name, width / ALARM_COLUMNS - 20);
      return mark + text(left + 16, top, short, isRaised ? "alarm" : "");
    })
    .join("");
}

function text(x: number, y: number, content: string, className = ""): string {
  return `<text${className === "" ? "" : ` class="${className}"`} x="${x}" y="${y}">${escaped(content)}</text>`;
}

function shortened(content: string, width: number): string {
  const most = Math.floor(width / LETTER);
  return content.length <= most ? content : `${content.slice(0, most - 1)}…`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(content: string): string {
  return content.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? "");
}
