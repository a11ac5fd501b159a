/**
 * Dates in HTTP headers (RFC 9110, section 5.6.7), in the three forms that a recipient must read, and strictly: a day
 * that does not exist, or another day of the week than the date has, is no date. Some write UTC, +0000 or -0000 for
 * GMT, which mean the same.
 */
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const SHORT_DAY = `(?<weekday>${DAYS.map((day) => day.slice(0, 3)).join("|")})`;
const MONTH = `(?<month>${MONTHS.join("|")})`;
const TIME = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`;
const ZONE = "(?:GMT|UTC|[+-]0000)";
const FORMS = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(String.raw`^${SHORT_DAY}, (?<day>\d\d) ${MONTH} (?<year>\d{4}) ${TIME} ${ZONE}$`),
  // Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(String.raw`^(?<weekday>${DAYS.join("|")}), (?<day>\d\d)-${MONTH}-(?<year>\d\d) ${TIME} ${ZONE}$`),
  // Sun Nov  6 08:49:37 1994
  new RegExp(String.raw`^${SHORT_DAY} ${MONTH} (?<day>\d\d| \d) ${TIME} (?<year>\d{4})$`),
];

const YEARS_AHEAD = 50;
/** Of the three forms, with the longest day and zone. */
const LENGTH = { least: 24, most: 35 } as const;

/**
 * @param now epoch milliseconds, for years of two digits
 * @returns epoch milliseconds, or undefined for what is no date
 */
export function parseHttpDate(text: string, now: number): number | undefined {
  if (text.length < LENGTH.least || text.length > LENGTH.most) return undefined;
  for (const form of FORMS) {
    const parts = form.exec(text)?.groups;
    if (parts !== undefined) return timeOf(parts, now);
  }
  return undefined;
}

function timeOf(parts: Readonly<Record<string, string>>, now: number): number | undefined {
  const { weekday = "", month = "", year = "" } = parts;
  const [day, hour, minute, second] = ["day", "hour", "minute", "second"].map((name) => Number(parts[name]));
  if (day === undefined || hour === undefined || minute === undefined || second === undefined) return undefined;
  // A leap second is the second after.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const fullYear = year.length === 2 ? nearYear(Number(year), now) : Number(year);
  const date = new Date(0);
  date.setUTCFullYear(fullYear, MONTHS.indexOf(month), day);
  if (date.getUTCDate() !== day || !DAYS[date.getUTCDay()]?.startsWith(weekday)) return undefined;
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000;
}

/** More than 50 years ahead means the century before. */
function nearYear(lastDigits: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + lastDigits;
  return year > thisYear + YEARS_AHEAD ? year - 100 : year;
}
