/**
 * One chart of an SVG: lines over the seconds of a run, from zero up to a round number, with the names of the lines
 * above it.
 */
export interface LineShape {
  readonly name: string;
  /** Class of the line's colour: `a` or `b`. */
  readonly colour: "a" | "b";
  /** One a second. */
  readonly values: readonly number[];
}

export interface PanelShape {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly LineShape[];
}

/** Room for the names above and the seconds below, in pixels. */
const MARGIN = { left: 40, top: 18, bottom: 16, right: 8 } as const;
const NAME_WIDTH = 110;
/** A line has a point for so many pixels: the highest value of its seconds, so that no peak is lost. */
const PIXELS_A_POINT = 2;
const LABELS = 3;

export function panelOf({ x, y, width, height, lines }: PanelShape): string {
  const inner = { width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
  const most = roundUp(
    Math.max(1, ...lines.map(({ values }) => values.reduce((max, value) => Math.max(max, value), 0))),
  );
  const seconds = Math.max(1, ...lines.map(({ values }) => values.length));
  const atX = (second: number) => fixed(MARGIN.left + (second / seconds) * inner.width);
  const atY = (value: number) => fixed(MARGIN.top + inner.height * (1 - value / most));
  const grid = [0, 0.5, 1].map((part) => {
    const value = most * part;
    return (
      `<path class="grid" d="M${MARGIN.left} ${atY(value)}h${inner.width}"/><text class="axis end" ` +
      `x="${MARGIN.left - 4}" y="${atY(value) + 3}">${short(value)}</text>`
    );
  });
  const labels = Array.from({ length: LABELS + 1 }, (_, index) => {
    const second = Math.round((seconds * index) / LABELS / 60) * 60;
    const isLast = index === LABELS;
    const place = `class="axis${isLast ? " end" : ""}" x="${atX(Math.min(seconds, second))}" y="${height - 3}"`;
    return `<text ${place}>${second / 60}${isLast ? " min" : ""}</text>`;
  });
  const names = lines.map(
    ({ name, colour }, index) =>
      `<text class="name ${colour}" x="${MARGIN.left + index * NAME_WIDTH}" y="11">${name}</text>`,
  );
  const paths = lines.map(({ values, colour }) => {
    const points = thinned(values, Math.max(1, Math.ceil((seconds * PIXELS_A_POINT) / inner.width)));
    const path = points
      .map(([second, value], index) => `${index === 0 ? "M" : "L"}${atX(second)} ${atY(value)}`)
      .join("");
    return `<path class="line ${colour}" d="${path}"/>`;
  });
  return `<g transform="translate(${x} ${y})">${[...grid, ...labels, ...names, ...paths].join("")}</g>`;
}

function thinned(values: readonly number[], seconds: number): [second: number, value: number][] {
  const points: [number, number][] = [];
  for (let start = 0; start < values.length; start += seconds)
    points.push([start, Math.max(...values.slice(start, start + seconds))]);
  return points;
}

/** To one, two or five times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10);
}

function short(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toFixed(1))}M`;
  return value >= 1e3 ? `${Number((value / 1e3).toFixed(1))}k` : String(Number(value.toFixed(1)));
}

function fixed(value: number): number {
  return Number(value.toFixed(1));
}
