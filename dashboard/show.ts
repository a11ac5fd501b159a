/**
 * How values look, on every surface: colours, units, and numbers as text that is short and never wrong by rounding to nothing. The colours
 * are those of Okabe and Ito, which people who see fewer colours tell apart, with lighter ones for dark grounds.
 */
import type { Tone, Unit } from "./panel.ts";

export const TONE_COLOURS: Readonly<Record<Tone, { readonly light: string; readonly dark: string }>> = {
  blue: { light: "#0072b2", dark: "#4ba3d9" },
  sky: { light: "#3d96c9", dark: "#8accf0" },
  green: { light: "#00805f", dark: "#2bb892" },
  yellow: { light: "#a07c00", dark: "#f0e442" },
  orange: { light: "#b87700", dark: "#f2ac33" },
  red: { light: "#c04a00", dark: "#f08a4b" },
  purple: { light: "#a8487f", dark: "#dd95bf" },
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

export const NOTHING = "–";

/** @param value undefined where nothing was measured */
export function shortNumber(value: number | null | undefined, unit: Unit): string {
  if (value === undefined || value === null) return NOTHING;
  const isMoney = unit === "usd" || unit === "usdPerHour";
  if (unit === "milliseconds" && value >= 10_000) return `${rounded(value / 1000)} s`;
  return `${isMoney ? "$" : ""}${rounded(value)}${SUFFIXES[unit]}`;
}

/** Whole from a hundred on; three digits that count below it. */
function rounded(value: number): string {
  if (value === 0 || Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toLocaleString("en-US", { maximumSignificantDigits: Math.abs(value) < 1 ? 2 : 3 });
}
