/**
 * Provisioned capacity of the table and its three indexes, which follows the load: an index that is throttled throttles
 * its table, so each has capacity and scaling of its own, sized by what a confirmation, or
 * one that fails, writes there. What comes faster
 * than scaling follows waits: producers are throttled, records are retried, and nothing is lost.
 */
import type { EnableScalingProps, IScalableTableAttribute, Table } from "aws-cdk-lib/aws-dynamodb";
import { DUE_INDEX, FAILED_INDEX, MERCHANT_INDEX } from "../../core/settings/names.ts";
import { type Capacity, leastCapacity, mostCapacity } from "../../core/settings/table-capacity.ts";
import type { Settings } from "../../core/settings/settings.ts";

/** What the table, or an index, has before anything comes. */
export function leastThroughput(settings: Settings, of: keyof ReturnType<typeof leastCapacity>) {
  if (settings.capacity.mode === "on-demand") return {};
  const { writes, reads } = leastCapacity(settings)[of];
  return { writeCapacity: writes, readCapacity: reads };
}

export function scaleCapacity(table: Table, settings: Settings): void {
  if (settings.capacity.mode === "on-demand") return;
  const least = leastCapacity(settings);
  const most = mostCapacity(settings);
  const track = (scale: (props: EnableScalingProps) => IScalableTableAttribute, from: number, to: number) =>
    scale({ minCapacity: from, maxCapacity: Math.max(from, to) }).scaleOnUtilization({
      targetUtilizationPercent: settings.capacity.utilizationPercent,
    });
  track((props) => table.autoScaleWriteCapacity(props), least.table.writes, most.table.writes);
  track((props) => table.autoScaleReadCapacity(props), least.table.reads, most.table.reads);
  const indexes: readonly (readonly [string, Capacity, Capacity])[] = [
    [DUE_INDEX, least.due, most.due],
    [MERCHANT_INDEX, least.merchant, most.merchant],
    [FAILED_INDEX, least.failed, most.failed],
  ];
  for (const [index, from, to] of indexes) {
    track((props) => table.autoScaleGlobalSecondaryIndexWriteCapacity(index, props), from.writes, to.writes);
    track((props) => table.autoScaleGlobalSecondaryIndexReadCapacity(index, props), from.reads, to.reads);
  }
}
