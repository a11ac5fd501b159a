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

/** What such a field has. The browser has no value of it while a part is missing, but says so. */
export type FieldTime =
  | { readonly kind: "none" }
  /** UTC. */
  | { readonly kind: "time"; readonly instant: string }
  /** Typed by half, or before 1970 or after 9999. */
  | { readonly kind: "no time" };

export function timeIn({
  value,
  validity,
}: {
  readonly value: string;
  readonly validity: { readonly badInput: boolean };
}): FieldTime {
  if (value === "") return { kind: validity.badInput ? "no time" : "none" };
  const instant = instantIn(value);
  return instant === undefined ? { kind: "no time" } : { kind: "time", instant };
}

/** @param text of such a field, or an instant with its zone. @returns UTC; undefined for what is no time */
export function instantIn(text: string | null): string | undefined {
  if (text === null || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return undefined;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) || at.getTime() < 0 ? undefined : at.toISOString();
}
