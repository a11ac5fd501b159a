/**
 * A chart: the drawing, a legend with the newest values, and the same numbers as a table for who cannot see it. The
 * pointer, or the arrow keys when it has the focus, reads the values of an earlier time into the legend.
 */
import { type CSSProperties, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import "uplot/dist/uPlot.min.css";
import type { Tone } from "../../../core/dashboard/panel.ts";
import { shortNumber, TONE_COLOURS } from "../../../core/dashboard/show.ts";
import { useSpoken } from "../texts/texts.tsx";
import "./chart.css";
import { timeOfPeriod } from "./format.ts";
import { type Ground, useGround } from "./ground.ts";
import { type ChartSeries, dashOf, type Drawing, periodEndMs, type Plot, plotIn } from "./plot.ts";

/** Rows that the table has at most, and a few: each so many periods. */
const MOST_ROWS = 60;

export interface ChartProps extends Drawing {
  /** What it shows, as its name for who cannot see it. */
  readonly title: string;
}

export function Chart(props: ChartProps): ReactNode {
  const { texts, language } = useSpoken();
  const { title, ...drawing } = props;
  const ground = useGround();
  const figure = useRef<HTMLElement>(null);
  const plot = useRef<Plot>(undefined);
  const [reading, setReading] = useState<number>();
  useEffect(() => {
    if (figure.current === null) return undefined;
    const made = plotIn(figure.current, setReading);
    plot.current = made;
    return () => made.end();
  }, []);
  const draw = (): void => plot.current?.update(drawing, language);
  const { kind, unit, series, endMs, periodSeconds, periods } = drawing;
  // Not for each time that is read, which changes nothing of the drawing.
  useEffect(draw, [kind, unit, series, endMs, periodSeconds, periods, language, ground]);
  useWidth(figure, draw);

  const readByKey = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = (reading ?? periods) + step;
    plot.current?.read(Math.max(0, Math.min(periods - 1, index)));
  };
  const values = series.map((one) => `${one.label} ${shortNumber(newest(one), unit, language)}`);
  return (
    <div className="chart-body">
      <figure
        className="chart"
        ref={figure}
        role="img"
        tabIndex={0}
        aria-label={texts.chart.says(title, values.join(", "))}
        onBlur={() => plot.current?.read()}
        onKeyDown={readByKey}
      />
      <Legend drawing={drawing} reading={reading} ground={ground} />
      <Table title={title} drawing={drawing} />
    </div>
  );
}

interface LegendProps {
  readonly drawing: Drawing;
  readonly reading: number | undefined;
  readonly ground: Ground;
}

function Legend({ drawing, reading, ground }: LegendProps): ReactNode {
  const { language } = useSpoken();
  const { kind, series, unit } = drawing;
  return (
    <ul className="legend">
      {series.map((one, index) => (
        <li key={one.label} style={toneStyle(one.tone, ground)}>
          <svg width={kind === "areas" ? 10 : 18} height={10} aria-hidden="true">
            {kind === "areas" ? (
              <rect className="key" width="10" height="10" rx="2" />
            ) : (
              <line className="line" x1="0" x2="18" y1="6" y2="6" strokeDasharray={dashOf(index)} />
            )}
          </svg>
          <span className="label">{one.label}</span>
          <b>{shortNumber(reading === undefined ? newest(one) : one.points[reading], unit, language)}</b>
          {one.note !== undefined && <small>{one.note}</small>}
        </li>
      ))}
      {reading !== undefined && <li className="when">{timeOf(drawing, reading, language)}</li>}
    </ul>
  );
}

function Table({ title, drawing }: { readonly title: string; readonly drawing: Drawing }): ReactNode {
  const { texts, language } = useSpoken();
  const [isOpen, setOpen] = useState(false);
  const { series, unit, periods } = drawing;
  const step = Math.max(1, Math.ceil(periods / MOST_ROWS));
  const shown = Array.from({ length: periods }, (_, index) => index)
    .filter((index) => (periods - 1 - index) % step === 0)
    .toReversed();
  return (
    <details className="numbers-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{texts.chart.table}</summary>
      {isOpen && (
        // It scrolls, and keys scroll what has the focus.
        <div className="table" role="region" aria-label={title} tabIndex={0}>
          <table>
            <caption>{title}</caption>
            <thead>
              <tr>
                <th scope="col">{texts.chart.time}</th>
                {series.map(({ label }) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((index) => (
                <tr key={index}>
                  <th scope="row">{timeOf(drawing, index, language)}</th>
                  {series.map(({ label, points }) => (
                    <td key={label}>{shortNumber(points[index], unit, language)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

/** For style sheets, which have the colour of a tone on this ground as `--tone`. Set by script, as the policy wants. */
export function toneStyle(tone: Tone, ground: Ground): CSSProperties {
  return { "--tone": TONE_COLOURS[tone][ground] } as CSSProperties;
}

function newest({ value, points }: ChartSeries): number | null | undefined {
  return value === undefined ? points.findLast((point) => point !== null) : value;
}

function timeOf(drawing: Drawing, index: number, language: string): string {
  return timeOfPeriod(periodEndMs(drawing, index), drawing.periods * drawing.periodSeconds, language);
}

/** Draws anew when there is another width for it. */
function useWidth(element: { readonly current: HTMLElement | null }, draw: () => void): void {
  const latest = useRef(draw);
  useEffect(() => {
    latest.current = draw;
  });
  useEffect(() => {
    if (element.current === null) return undefined;
    let width = element.current.clientWidth;
    const observer = new ResizeObserver(([entry]) => {
      const now = entry?.target.clientWidth ?? width;
      if (now === width) return;
      width = now;
      latest.current();
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
}
