/**
 * How values read, for a person of a language and a time zone. An amount stays the decimal text that the API gave: no
 * floating point comes near it (ECMA-402 formats a decimal text exactly).
 */
const CURRENCY = /^[A-Z]{3}$/;
const DECIMAL = /^-?\d{1,100}(?:\.(\d{1,100}))?$/;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** @param amount as the API has it. @returns it with the reader's separators and all of its decimals */
export function amountText(amount: string | undefined, currency: string | undefined, locale: string): string {
  const given = amount ?? "";
  const decimals = DECIMAL.exec(given)?.[1]?.length ?? 0;
  if (!DECIMAL.test(given)) return [given, currency].filter(Boolean).join(" ");
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const isCurrency = currency !== undefined && CURRENCY.test(currency);
  const format = new Intl.NumberFormat(locale, {
    ...digits,
    ...(isCurrency && { style: "currency", currency, currencyDisplay: "code" }),
  });
  const text = format.format(given as Intl.StringNumericLiteral);
  return isCurrency || currency === undefined ? text : `${text} ${currency}`;
}

/** A count, with the reader's separators. */
export function numberText(value: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** @param instant of the API, in UTC. @param timeZone @default the reader's */
export function instantText(instant: string, locale: string, timeZone?: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return instant;
  return new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "medium",
    ...(timeZone !== undefined && { timeZone }),
  }).format(at);
}

/** To the millisecond, as logs have it. */
export function utcText(instant: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return instant;
  return at.toISOString().replace("T", " ").replace("Z", " UTC");
}

/**
 * The end of a period of a chart: the time of day, with its day where the chart is of more than one.
 * @param spanSeconds that the chart is of
 */
export function timeOfPeriod(endMs: number, spanSeconds: number, locale: string, timeZone?: string): string {
  const isOfDays = spanSeconds * SECOND_MS > DAY_MS;
  return new Intl.DateTimeFormat(locale, {
    ...(isOfDays && { dateStyle: "short" }),
    timeStyle: isOfDays ? "short" : "medium",
    ...(timeZone !== undefined && { timeZone }),
  }).format(endMs);
}

/** In the two largest units that say something. */
export function durationText(durationMs: number, locale: string): string {
  const ms = Math.max(0, Math.round(durationMs));
  if (ms < SECOND_MS) return unitText(ms, "millisecond", locale);
  if (ms < MINUTE_MS) return unitText(Math.round(ms / 100) / 10, "second", locale);
  if (ms < HOUR_MS) return both([ms, MINUTE_MS, "minute"], [SECOND_MS, "second"], locale);
  if (ms < DAY_MS) return both([ms, HOUR_MS, "hour"], [MINUTE_MS, "minute"], locale);
  return both([ms, DAY_MS, "day"], [HOUR_MS, "hour"], locale);
}

type Unit = "millisecond" | "second" | "minute" | "hour" | "day";

function both(
  [ms, largeMs, large]: readonly [number, number, Unit],
  [smallMs, small]: readonly [number, Unit],
  locale: string,
): string {
  const whole = Math.floor(ms / largeMs);
  const rest = Math.floor((ms % largeMs) / smallMs);
  return [unitText(whole, large, locale), ...(rest > 0 ? [unitText(rest, small, locale)] : [])].join(" ");
}

function unitText(value: number, unit: Unit, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(value);
}
