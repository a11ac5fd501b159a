/**
 * How values look, on every surface: colours, units, and numbers as text that is short and never wrong by rounding to
 * nothing. The colours differ in lightness too, after those of Okabe and Ito, so that people who see fewer colours tell
 * them apart; lines are dashed as well.
 */
import type { Tone, Unit } from "./panel.ts";

export const TONE_COLOURS: Readonly<Record<Tone, { readonly light: string; readonly dark: string }>> = {
  blue: { light: "#0072b2", dark: "#4ba3d9" },
  sky: { light: "#2b93c9", dark: "#8accf0" },
  green: { light: "#00805f", dark: "#2bb892" },
  yellow: { light: "#857a00", dark: "#f0e442" },
  orange: { light: "#d9730d", dark: "#f2ac33" },
  red: { light: "#b4173f", dark: "#ff7d8f" },
  purple: { light: "#8b4fb0", dark: "#c79be8" },
  grey: { light: "#6b7280", dark: "#a7b0bd" },
};

export const UNIT_LABELS: Readonly<Record<Unit, string>> = {
  count: "",
  perSecond: "per second",
  milliseconds: "ms",
  seconds: "s",
  percent: "%",
  usd: "USD",
  usdPerHour: "USD per hour",
};

const SUFFIXES: Readonly<Record<Unit, string>> = {
  count: "",
  perSecond: "/s",
  milliseconds: " ms",
  seconds: " s",
  percent: " %",
  usd: "",
  usdPerHour: "/h",
};

const MILLION = 1e6;
/** Of what is not whole. */
const MOST_PERCENT = 99.9;
const LEAST_PERCENT = 0.1;

export const NOTHING = "–";

/**
 * @param value undefined where nothing was measured
 * @param locale whose separators it has. @default en-US
 */
export function shortNumber(value: number | null | undefined, unit: Unit, locale = "en-US"): string {
  if (value === undefined || value === null) return NOTHING;
  if (unit === "percent" && value < 100) return `${rounded(Math.min(value, MOST_PERCENT), locale)}${SUFFIXES.percent}`;
  const isMoney = unit === "usd" || unit === "usdPerHour";
  if (unit === "milliseconds" && value >= 10_000) return `${rounded(value / 1000, locale)} s`;
  return `${isMoney ? "$" : ""}${rounded(value, locale)}${SUFFIXES[unit]}`;
}

/** @returns to a tenth; 0 and 100 for none and all alone. @param percent 0 to 100 */
export function percentInTenths(percent: number): number {
  if (percent <= 0 || percent >= 100) return percent;
  return Math.min(MOST_PERCENT, Math.max(LEAST_PERCENT, Math.round(percent * 10) / 10));
}

/** Whole from a hundred on, millions as such; three digits that count otherwise. */
function rounded(value: number, locale: string): string {
  if (Math.abs(value) >= MILLION)
    return `${(value / MILLION).toLocaleString(locale, { maximumSignificantDigits: 3 })} M`;
  if (value === 0 || Math.abs(value) >= 100) return Math.round(value).toLocaleString(locale);
  return value.toLocaleString(locale, { maximumSignificantDigits: Math.abs(value) < 1 ? 2 : 3 });
}

/** The next of 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, … that is not below it; 1 where there is nothing. */
export function niceMost(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * power >= value * 0.999) ?? 10) * power;
}
