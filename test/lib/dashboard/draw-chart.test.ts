import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { drawChart, niceMost } from "../../../lib/dashboard/draw-chart.ts";
import { drawPicture } from "../../../lib/dashboard/draw-picture.ts";
import type { Shown, ShownSeries } from "../../../lib/dashboard/shown.ts";

const size = { width: 200, height: 100 };
const time = { periodSeconds: 10, periods: 4 };
const series = (points: readonly (number | null)[]): ShownSeries => ({ label: "a", tone: "blue", points, value: 1 });
const draw = (kind: "lines" | "areas", ...all: readonly (readonly (number | null)[])[]) =>
  drawChart({ kind, unit: "count", series: all.map(series) }, size, time);

describe("a chart", () => {
  it("has a gap where nothing was measured", () => {
    const [path = ""] = /(?<=class="line tone-blue" d=")[^"]*/.exec(draw("lines", [1, 2, null, 3])) ?? [];
    expect(path.match(/M/g)).toHaveLength(2);
    expect(path.match(/L/g)).toHaveLength(1);
  });

  it("shows a single point as a short stroke", () => {
    expect(draw("lines", [null, 5, null, null])).toMatch(/M[\d.]+ [\d.]+h1\.5"/);
  });

  it("puts areas on top of each other", () => {
    const paths = [
      ...draw("areas", [1, 1, 1, 1], [1, 1, 1, 1]).matchAll(/class="area tone-blue" d="M[\d.]+ ([\d.]+)/g),
    ];
    const [lower = 0, upper = 0] = paths.map(([, y]) => Number(y));
    expect(upper).toBeLessThan(lower);
  });

  it("stays within its frame and is well formed, whatever the numbers are", () => {
    const numbers = fc.array(fc.option(fc.double({ min: 0, max: 1e15, noNaN: true })), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.constantFrom("lines" as const, "areas" as const),
        fc.array(numbers, { maxLength: 3 }),
        (kind, all) => {
          const drawn = draw(kind, ...all);
          expect(drawn).not.toMatch(/NaN|Infinity|undefined/);
          for (const [, path = ""] of drawn.matchAll(/ d="([^"]*)"/g))
            for (const [, x, y] of path.matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)) {
              expect(Number(x)).toBeGreaterThanOrEqual(0);
              expect(Number(x)).toBeLessThanOrEqual(size.width);
              expect(Number(y)).toBeGreaterThanOrEqual(0);
              expect(Number(y)).toBeLessThanOrEqual(size.height);
            }
        },
      ),
    );
  });

  it.each([
    [0, 1],
    [1, 1],
    [7, 8],
    [2400, 3000],
    [0.012, 0.015],
  ])("goes up to a round number: %d to %d", (value, most) => {
    expect(niceMost(value)).toBeCloseTo(most, 10);
  });
});

describe("the picture", () => {
  it("takes names as text, whatever they are", () => {
    const name = `<script>alert("x")</script>&`;
    const panel = {
      kind: "contributors",
      id: "m",
      title: name,
      help: "",
      columns: 24,
      rows: [{ name, value: 1 }],
    } as const;
    const shown: Shown = { endMs: 0, ...time, sections: [{ title: name, panels: [panel] }] };
    const drawn = drawPicture(shown, name);
    expect(drawn).not.toContain("<script");
    expect(drawn).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;");
  });
});
