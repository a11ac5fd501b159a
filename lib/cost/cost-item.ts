/**
 * What costs are told as: items, each with what it is counted from, and their sum. An item is rounded to a hundredth of
 * a cent and the sum is of what is shown, so that whoever adds the items up gets the sum.
 */
export interface CostItem {
  /** Groups items of one kind: a line of the page. */
  readonly item: string;
  /** How much of what, in words: `2 tasks of 1 vCPU and 2 GB`. */
  readonly of: string;
  readonly usd: number;
}

export interface Cost {
  readonly usd: number;
  readonly items: readonly CostItem[];
}

const PARTS = 10_000;
/** Of a year, as AWS's calculator has it. */
export const HOURS_A_MONTH = 730;
export const MINUTES_A_MONTH = HOURS_A_MONTH * 60;
export const SECONDS_A_MONTH = HOURS_A_MONTH * 3600;
export const MILLION = 1e6;
export const GB = 1e9;

/** The dearest first. */
export function costOf(items: readonly CostItem[]): Cost {
  const rounded = items
    .map(({ usd, ...item }) => ({ ...item, usd: Math.round(usd * PARTS) / PARTS }))
    .filter(({ usd }) => usd > 0)
    .toSorted((a, b) => b.usd - a.usd);
  return { usd: rounded.reduce((sum, { usd }) => sum + Math.round(usd * PARTS), 0) / PARTS, items: rounded };
}

/** One line for each item: its dollars and the longest list of what they are for. */
export function groupedItems(items: readonly CostItem[]): readonly CostItem[] {
  const groups = new Map<string, CostItem>();
  for (const { item, of, usd } of items) {
    const before = groups.get(item);
    groups.set(item, { item, of: before === undefined ? of : `${before.of}; ${of}`, usd: (before?.usd ?? 0) + usd });
  }
  return [...groups.values()];
}

/** `1 NAT gateway`, `2 NAT gateways`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? noun : plural}`;
}
