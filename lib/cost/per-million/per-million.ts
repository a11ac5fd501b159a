/**
 * What a million confirmations cost at the target rate, all of it delivered at its first attempt, by item: in a young
 * table, where a second's use is all there is, and in an old one, which has kept rows for as long as the settings say:
 * they are stored, backed up and audited, and the stream of so many partitions comes in nearly empty batches.
 */
import { PRICES_USD } from "../../../core/settings/prices.ts";
import { CPU_TARGET_PERCENT } from "../../../core/settings/scaling.ts";
import { releaseParts, WRITES_A_CONFIRMATION as WRITE_UNITS } from "../../../core/settings/sizes.ts";
import type { Settings } from "../../../core/settings/settings.ts";
import type { About } from "../at-rest/rule.ts";
import { type Cost, costOf, MILLION } from "../cost-item.ts";
import { journalUsd } from "./journal.ts";
import { keptByItem, tableBytesOf } from "./kept.ts";
import { layoutOf } from "./layout.ts";

import { callerRuns } from "./small-account.ts";
import { addByItem, secondByItem, type SecondUsed } from "./second.ts";

export type Age = "young" | "old";

const PERCENT = 100;
const HOUR_SECONDS = 3600;
const WRITES = WRITE_UNITS.table + WRITE_UNITS.due + WRITE_UNITS.merchant;

export function perMillion({ template, settings }: About, age: Age): Cost {
  const layout = layoutOf(template, settings, age === "old" ? tableBytesOf(settings) : 0);
  const seconds = MILLION / settings.targetRatePerSecond;
  const second = secondByItem(layout, steadySecond(settings));
  const used = Object.fromEntries(Object.entries(second).map(([item, usd]) => [item, usd * seconds]));
  const kept = age === "old" ? keptByItem(settings, usdAReadOf(settings)) : {};
  const all = { ...addByItem(used, kept), Journal: journalUsd(settings, tasksOf(settings)) };
  return costOf(Object.entries(all).map(([item, usd]) => ({ item, of: OF[item] ?? "", usd })));
}

/** A second at the target rate, in which as many tasks run as CPU tracking holds. */
export function steadySecond(settings: Settings): SecondUsed {
  const { targetRatePerSecond: rate, capacity, release } = settings;
  const tasks = tasksOf(settings);
  const writes = rate * WRITES;
  const headroom = PERCENT / capacity.utilizationPercent;
  return {
    writes,
    reads: rate,
    changes: rate * WRITE_UNITS.table,
    messages: rate,
    released: 0,
    // Something is on its way all the time, and a run that sees it looks again.
    releaseRuns: releaseParts(release.ratePerSecond),
    receivedByTask: Array.from({ length: tasks }, () => rate / tasks),
    tasks,
    calls: rate,
    ...(tasks === 0 && { caller: callerRuns(rate, settings) }),
    ...(capacity.mode === "provisioned" && { provisioned: { writes: writes * headroom, reads: rate * headroom } }),
  };
}

/** None in small-account mode. */
function tasksOf(settings: Settings): number {
  return settings.delivery.mode === "lambda" ? 0 : tasksAt(settings);
}

/** As CPU tracking holds them. */
function tasksAt({ targetRatePerSecond, worker }: Settings): number {
  const held = Math.ceil(targetRatePerSecond / ((worker.ratePerTask * CPU_TARGET_PERCENT) / PERCENT));
  return Math.min(worker.maxTasks, Math.max(worker.minTasks, held));
}

function usdAReadOf({ capacity }: Settings): number {
  if (capacity.mode === "on-demand") return PRICES_USD.perMillionReads / MILLION;
  return (PRICES_USD.perReadCapacityHour / HOUR_SECONDS) * (PERCENT / capacity.utilizationPercent);
}

/** What the items are counted from, in words. */
const OF: Readonly<Record<string, string>> = {
  "Table writes": "insert and record, of the row and of its indexes",
  "Table reads": "a consistent read of the row",
  "Queue requests": "sends of the stream, receives and deletes of the worker",
  "stream-transactions": "a run for each batch of changes",
  "publish-events": "a run for each batch of changes",
  Events: "publications of up to ten events: an insert and a record are one each",
  "release-due": "looks while something is on its way",
  "confirmation-transactions": "runs, most of each the time of merchants",
  Fargate: "tasks at 60 % of their CPU",
  "To merchants": "bytes to the internet, through NAT gateways where there are some",
  "To the queue": "bytes between tasks and SQS",
  Traces: "transactions that are traced, and runs of functions",
  Logs: "runs of functions, and what tasks publish",
  Storage: "rows and the merchant index, for as long as they are kept",
  Backups: "point-in-time recovery of the rows",
  Audits: "each row read by each sweep of the table, and for its manifests",
  Manifests: "lines, for as long as they are kept",
  Journal: "files, for as long as they are kept",
};
