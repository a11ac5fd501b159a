/**
 * Which items a throttled partition holds: one merchant's health row, a part of all rows, a partition of the due index,
 * what counts a rate.
 */
import { MERCHANT_GATES_TABLE_NAME, TRANSACTIONS_TABLE_NAME } from "../../../core/settings/names.ts";
import type { Fault, HotItem } from "../plan/fault.ts";
import { HOT_HEALTH_MERCHANT, RATE_LIMITED_MERCHANT } from "../plan/merchants.ts";
import type { IsHot } from "../proxy/item-interference.ts";

type Throttled = Extract<Fault, { readonly kind: "item throttled" }>;

/** A row in so many is hot. */
const ROW_PARTS = 4;
const OWN_ROW = /"S":"(chaos-\d+-(\d+)[^"]*)"/;

export function hotItems({ item, shard }: Pick<Throttled, "item" | "shard">): IsHot {
  const tests: Readonly<Record<HotItem, (table: string, json: string) => boolean>> = {
    gate: (table, json) => table === MERCHANT_GATES_TABLE_NAME && json.includes(HOT_HEALTH_MERCHANT),
    "rate limit": (table, json) => table === MERCHANT_GATES_TABLE_NAME && json.includes(RATE_LIMITED_MERCHANT),
    rows: (table, json) =>
      table === TRANSACTIONS_TABLE_NAME && Number(OWN_ROW.exec(json)?.[2] ?? -1) % ROW_PARTS === shard,
    "due partition": (table, json) => table === TRANSACTIONS_TABLE_NAME && new RegExp(`"[PT]#${shard}"`).test(json),
  };
  return tests[item];
}
