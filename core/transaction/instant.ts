/** Times as producers write them: ISO 8601, to the minute at least, with a zone, and of a day that there is. */

/** For whoever wrote another form: the grammar, and examples of what is taken and what is not. */
export const INSTANT_FORM = "YYYY-MM-DDThh:mm[:ss[.f]] and Z or ±hh:mm (ISO 8601)";
export const INSTANTS = ["2026-11-22T10:00Z", "2026-11-22T10:00:00Z", "2026-11-22T11:00:00.25+01:00"] as const;
export const NO_INSTANTS = [
  "2026-11-22",
  "2026-11-22 10:00:00Z",
  "2026-11-22T10:00:00",
  "2026-11-22T10:00:00+0100",
  "1795341600",
] as const;

export const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
/** By month; the 29th of February is looked at closely. */
const SURE_DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const ZERO = 48;
/** Where each part begins in `2026-11-22T10:00:00Z`. */
const AT = { month: 5, day: 8, hour: 11, minute: 14, second: 17 } as const;

export function isInstant(value: string): boolean {
  if (!ISO_INSTANT.test(value)) return false;
  return isSurelyOne(value) || (!Number.isNaN(Date.parse(value)) && isCalendarDay(value.slice(0, 10)));
}

/**
 * Whether two instants are the same moment, whatever their zone and however many zeros they end with. Both are
 * instants.
 */
export function isSameInstant(one: string, other: string): boolean {
  return Date.parse(one) === Date.parse(other) && belowMillisecond(one) === belowMillisecond(other);
}

/** Digits that a date of JavaScript does not hold. */
function belowMillisecond(instant: string): string {
  return /\.\d{3}(\d+)/.exec(instant)?.[1]?.replace(/0+$/, "") ?? "";
}

/** Of the form already. Two dates that are made and written out again would cost more than all the rest of a row. */
function isSurelyOne(value: string): boolean {
  const month = twoDigits(value, AT.month);
  const day = twoDigits(value, AT.day);
  if (month < 1 || month > 12 || day < 1 || day > (SURE_DAYS[month] as number)) return false;
  if (twoDigits(value, AT.hour) > 23 || twoDigits(value, AT.minute) > 59) return false;
  // The zone may begin where seconds would; other zones than UTC are looked at closely.
  return value.endsWith("Z") && (value.length < AT.second + 2 || twoDigits(value, AT.second) <= 59);
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

/** JavaScript takes the 31st of February for the 3rd of March. @param day `yyyy-mm-dd` */
function isCalendarDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}
