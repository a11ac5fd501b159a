/**
 * What things are called in AWS: their names in the code, behind the setting `name` where there is one. So sandbox and
 * live, or two companies, share an account and region. Alarms, panels and queries are written with the names in the
 * code, and translated where they are handed to CloudWatch.
 */
import { createHash } from "node:crypto";
import {
  AUDIT_LOG_TABLE_NAME,
  AUDIT_PARTS_DEAD_LETTER_QUEUE_NAME,
  AUDIT_PARTS_QUEUE_NAME,
  AUDITS_TABLE_NAME,
  CONFIRMATIONS_QUEUE_NAME,
  DEAD_LETTER_QUEUE_NAME,
  DEPLOYMENT_FUNCTION_NAMES,
  EVENTS_TOPIC_NAME,
  FUNCTION_NAMES,
  JOB_PARTS_QUEUE_NAME,
  JOBS_TABLE_NAME,
  MERCHANT_CALLS_QUEUE_NAME,
  MERCHANT_GATES_TABLE_NAME,
  MERCHANTS_TABLE_NAME,
  METRICS_NAMESPACE,
  ORDERED_QUEUE_NAME,
  RECEIPTS_DEAD_LETTER_QUEUE_NAME,
  RECEIPTS_QUEUE_NAME,
  RECEIPTS_TOPIC_NAME,
  RECEIVED_CONFIRMATIONS_TABLE_NAME,
  TRANSACTIONS_TABLE_NAME,
} from "./names.ts";

export interface Named {
  /** @default none: the names in the code */
  readonly name?: string | undefined;
}

/** What names of logs in the code begin with: those of functions, and all others that the pipeline writes. */
export const FUNCTION_LOGS = "/aws/lambda/";
export const OTHER_LOGS = "/confirmation-pipeline/";

/** Values of dimensions that are names in the code. */
const IN_DIMENSIONS: ReadonlySet<string> = new Set([
  AUDIT_LOG_TABLE_NAME,
  AUDIT_PARTS_DEAD_LETTER_QUEUE_NAME,
  AUDIT_PARTS_QUEUE_NAME,
  AUDITS_TABLE_NAME,
  CONFIRMATIONS_QUEUE_NAME,
  DEAD_LETTER_QUEUE_NAME,
  EVENTS_TOPIC_NAME,
  JOB_PARTS_QUEUE_NAME,
  JOBS_TABLE_NAME,
  MERCHANT_CALLS_QUEUE_NAME,
  MERCHANT_GATES_TABLE_NAME,
  MERCHANTS_TABLE_NAME,
  ORDERED_QUEUE_NAME,
  RECEIPTS_DEAD_LETTER_QUEUE_NAME,
  RECEIPTS_QUEUE_NAME,
  RECEIPTS_TOPIC_NAME,
  RECEIVED_CONFIRMATIONS_TABLE_NAME,
  TRANSACTIONS_TABLE_NAME,
  ...Object.values({ ...FUNCTION_NAMES, ...DEPLOYMENT_FUNCTION_NAMES }),
]);
/** Dimensions that hold names of resources. `service` is what a program calls itself, within its namespace. */
const NAMED_BY = new Set(["FunctionName", "QueueName", "TableName", "TopicName"]);

export function physicalName({ name }: Named, inCode: string): string {
  return name === undefined ? inCode : `${name}-${inCode}`;
}

/** The same, shortened to what AWS takes, and still another one for each name. */
export function fittedName(named: Named, inCode: string, most: number): string {
  const whole = physicalName(named, inCode);
  if (whole.length <= most) return whole;
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, 6);
  return `${whole.slice(0, most - hash.length - 1)}-${hash}`;
}

/** @param inCode begins with a slash */
export function physicalLogGroup(named: Named, inCode: string): string {
  const folder = inCode.startsWith(FUNCTION_LOGS) ? FUNCTION_LOGS : "/";
  return `${folder}${physicalName(named, inCode.slice(folder.length))}`;
}

/** Of metrics that the pipeline publishes itself. */
export function physicalNamespace(named: Named, namespace: string): string {
  return namespace === METRICS_NAMESPACE ? physicalName(named, namespace) : namespace;
}

/** What is no name in the code, such as a reference or a name in AWS already, stays as it is. */
export function physicalDimensions(
  named: Named,
  dimensions: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (named.name === undefined) return dimensions;
  return Object.fromEntries(
    Object.entries(dimensions).map(([dimension, value]) => [
      dimension,
      dimension === "LogGroupName" ? namedLogGroup(named, value) : namedResource(named, dimension, value),
    ]),
  );
}

function namedResource(named: Named, dimension: string, value: string): string {
  return NAMED_BY.has(dimension) && IN_DIMENSIONS.has(value) ? physicalName(named, value) : value;
}

function namedLogGroup(named: Named, value: string): string {
  const isOfFunction = value.startsWith(FUNCTION_LOGS) && IN_DIMENSIONS.has(value.slice(FUNCTION_LOGS.length));
  return isOfFunction || value.startsWith(OTHER_LOGS) ? physicalLogGroup(named, value) : value;
}
