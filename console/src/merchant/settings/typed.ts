/** What somebody typed, as the API takes it. What is no number is sent as it is: the API says what it expects. */

/** @returns null for nothing, which takes a limit away */
export function typedNumber(text: string): number | null {
  const trimmed = text.trim();
  return trimmed === "" ? null : asNumber(trimmed);
}

/** Seconds with commas between them; nothing is the pipeline's own. */
export function typedWaits(text: string): number[] | null {
  const trimmed = text.trim();
  return trimmed === "" ? null : trimmed.split(",").map((wait) => asNumber(wait.trim()));
}

export interface TypedHeaders {
  readonly headers: Readonly<Record<string, string>>;
  /** The first line that is none, or names one a second time, from 1. */
  readonly wrongLine?: number;
}

/** As the lines of a request have them: a name, a colon, a value. */
export function typedHeaders(text: string): TypedHeaders {
  const headers = new Map<string, string>();
  const seen = new Set<string>();
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).trim();
    if (name === "" || seen.has(name.toLowerCase())) return { headers: {}, wrongLine: index + 1 };
    seen.add(name.toLowerCase());
    headers.set(name, line.slice(colon + 1).trim());
  }
  return { headers: Object.fromEntries(headers) };
}

/** @returns what takes away the headers that are no longer there, and puts those that are new or another */
export function headersPatch(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Record<string, string | null> {
  const kept = new Set(Object.keys(after).map((name) => name.toLowerCase()));
  const gone = Object.keys(before).filter((name) => !kept.has(name));
  const put = Object.entries(after).filter(([name, value]) => before[name.toLowerCase()] !== value);
  return { ...Object.fromEntries(gone.map((name) => [name, null])), ...Object.fromEntries(put) };
}

/** JSON has no other numbers; of a text that is none the API says so. */
function asNumber(text: string): number {
  const number = Number(text);
  return text !== "" && Number.isFinite(number) ? number : (text as unknown as number);
}
