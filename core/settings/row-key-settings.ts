/** What whoever writes rows must agree on with whoever looks for them, as the settings have it. */
import type { Settings } from "./settings.ts";

export interface RowKeySettings {
  /** Shards of the due index. */
  readonly dueShards: number;
  /** Shards of one merchant's day in the merchant index, and of what waits for it. */
  readonly merchantShards: number;
  /** How long a pending row is left alone before it goes on the queue again. */
  readonly leaseMs: number;
}

export function rowKeySettings({ dueShards, merchantShards, release }: Settings): RowKeySettings {
  return { dueShards, merchantShards, leaseMs: release.leaseSeconds * 1000 };
}
