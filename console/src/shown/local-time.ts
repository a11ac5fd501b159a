/** Times between what the API takes, UTC, and what a field of the browser has, in the zone of the reader. */

/** For a field of the browser, in the reader's zone, to the minute. */
export function localText(instant: string | undefined): string {
  if (instant === undefined) return "";
  const at = new Date(instant);
  const day = `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** @param text of such a field, or an instant with its zone. @returns UTC; undefined for what is no time */
export function instantIn(text: string | null): string | undefined {
  if (text === null || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return undefined;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) || at.getTime() < 0 ? undefined : at.toISOString();
}
