/**
 * Tables and indexes that take no more. One alarm each and no sums: DynamoDB publishes these metrics only when it
 * throttles, and a sum is missing where one of its terms is. An index that throttles holds up the writes of its table.
 */
import { Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import {
  DUE_INDEX,
  MERCHANT_GATES_TABLE_NAME,
  MERCHANT_INDEX,
  MERCHANTS_TABLE_NAME,
  TRANSACTIONS_TABLE_NAME,
} from "../../core/settings/names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { RUNBOOK_HEADINGS } from "./runbook.ts";
import { type AlarmShapes, MINUTE } from "./alarm-shape.ts";

/**
 * Of the target rate. The SDK repeats what is throttled, and on-demand capacity grows by being throttled now and then.
 */
const THROTTLED_SHARE = 0.01;
const MINUTES = 5;

/** What is written or read for each confirmation, by the ids of the alarms. */
const WATCHED = {
  TransactionsWrites: { table: TRANSACTIONS_TABLE_NAME, metricName: "WriteThrottleEvents" },
  TransactionsReads: { table: TRANSACTIONS_TABLE_NAME, metricName: "ReadThrottleEvents" },
  DueIndexWrites: { table: TRANSACTIONS_TABLE_NAME, index: DUE_INDEX, metricName: "WriteThrottleEvents" },
  DueIndexReads: { table: TRANSACTIONS_TABLE_NAME, index: DUE_INDEX, metricName: "ReadThrottleEvents" },
  MerchantIndexWrites: { table: TRANSACTIONS_TABLE_NAME, index: MERCHANT_INDEX, metricName: "WriteThrottleEvents" },
  MerchantsReads: { table: MERCHANTS_TABLE_NAME, metricName: "ReadThrottleEvents" },
  GatesWrites: { table: MERCHANT_GATES_TABLE_NAME, metricName: "WriteThrottleEvents" },
  GatesReads: { table: MERCHANT_GATES_TABLE_NAME, metricName: "ReadThrottleEvents" },
} as const satisfies Record<string, { table: string; index?: string; metricName: string }>;

export function tableAlarms({ targetRatePerSecond }: Settings): AlarmShapes {
  return Object.fromEntries(
    Object.entries(WATCHED).map(([id, { table, metricName, ...rest }]) => {
      const index = "index" in rest ? rest.index : undefined;
      return [
        `${id}Throttled`,
        {
          kind: "ticket",
          heading: RUNBOOK_HEADINGS.tableThrottled,
          what:
            `DynamoDB keeps refusing ${metricName === "ReadThrottleEvents" ? "reads" : "writes"} of ` +
            `${table}${index === undefined ? "" : `, index ${index}`}.`,
          metric: new Metric({
            namespace: "AWS/DynamoDB",
            metricName,
            dimensionsMap: { TableName: table, ...(index !== undefined && { GlobalSecondaryIndexName: index }) },
            statistic: Stats.SUM,
            period: MINUTE,
          }),
          threshold: Math.ceil(targetRatePerSecond * 60 * THROTTLED_SHARE),
          periods: MINUTES,
        },
      ] as const;
    }),
  );
}
