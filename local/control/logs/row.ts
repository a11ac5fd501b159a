/** A row of a result, or an event: values by name. */
export type Row = Readonly<Record<string, unknown>>;

/** Empty for what is not there. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "" : (JSON.stringify(value) ?? "");
}

/** Numbers by what they are, all else as text. */
export function compare(one: unknown, other: unknown): number {
  const [a, b] = [Number(one), Number(other)];
  if (!Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  const [text, otherText] = [textOf(one), textOf(other)];
  return text < otherText ? -1 : Number(text > otherText);
}

export function namesIn(list: string): string[] {
  return list.split(",").map((name) => name.trim());
}
