/** How the table's throughput is paid for, and how its stream is read. */
import { z } from "zod";
import { settingTexts, wholeNumber } from "../setting.ts";

const COST = { "operating/cost.md": "cost" };

export const capacitySettings = z.strictObject({
  mode: z
    .enum(["on-demand", "provisioned"])
    .default("on-demand")
    .register(settingTexts, {
      description:
        "How the table `Transactions` and its indexes are paid for. `on-demand`: each write and read. " +
        "`provisioned`: so many a second by the hour, which follow the load within minutes; what comes faster waits.",
      see: COST,
    }),
  utilizationPercent: wholeNumber(20, 90).default(70).register(settingTexts, {
    description: "Share of provisioned capacity that is to be used. More costs less, and leaves less for bursts.",
    unit: "percent",
    see: COST,
  }),
  leastRatePerSecond: wholeNumber(1, 100_000).optional().register(settingTexts, {
    description: "Confirmations a second for which capacity is always provisioned, and paid, whatever comes.",
    unit: "confirmations a second",
    byDefault: "200, a tenth of `targetRatePerSecond`",
    see: COST,
  }),
});

export const streamSettings = z.strictObject({
  batchingWindowSeconds: wholeNumber(0, 60)
    .optional()
    .register(settingTexts, {
      description:
        "Longest time for which changes of the table are gathered before `stream-transactions` gets them. Each " +
        "confirmation may come so much later; batches are fuller, which an old table's many shards keep small.",
      unit: "seconds",
      byDefault: "0, 2 with provisioned capacity",
      see: COST,
    }),
  lanesPerShard: wholeNumber(1, 10)
    .optional()
    .register(settingTexts, {
      description:
        "Batches of one shard that are handled side by side. A lane takes some 1,800 changes a second, a shard " +
        "brings 1,000 at most; with fewer lanes batches are fuller, and one that fails holds up more.",
      unit: "lanes",
      byDefault: "10, 1 with provisioned capacity",
      see: COST,
    }),
});

export interface StreamDefaults {
  readonly batchingWindowSeconds: number;
  readonly lanesPerShard: number;
}

/** On demand each change goes at once. Who provisions wants to pay less, and an old table's many shards cost most. */
export const STREAM_DEFAULTS: Readonly<Record<"on-demand" | "provisioned", StreamDefaults>> = {
  "on-demand": { batchingWindowSeconds: 0, lanesPerShard: 10 },
  provisioned: { batchingWindowSeconds: 2, lanesPerShard: 1 },
};
