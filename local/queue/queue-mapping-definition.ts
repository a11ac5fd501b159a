/**
 * An event source mapping of the template from a queue, read once and checked: what this machine cannot honour is an
 * error at start.
 */
import { listOf, numberOf, objectOf, type ResolvedResource, textOf } from "../assembly/template.ts";
import { LocalError } from "../local-error.ts";

export interface QueueMappingDefinition {
  readonly queueName: string;
  readonly queueArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  /** Batches at once. */
  readonly concurrency: number;
  readonly reportsItemFailures: boolean;
}

const QUEUE_ARN = /^arn:[^:]+:sqs:[^:]*:[^:]*:(.+)$/;
const DEFAULT_BATCH_SIZE = 10;
const DEFAULT_CONCURRENCY = 2;
/** Of a queue without order, whose batches are whole pieces of work: more would only queue up at one database. */
const MOST_CONCURRENCY = 2;
/** What a receive brings at most. */
const MOST_BATCH_SIZE = 10;

/** Whether a mapping is from a queue; the others are from streams. */
export function isQueueMapping(resource: ResolvedResource): boolean {
  return QUEUE_ARN.test(textOf(resource, "EventSourceArn"));
}

export function queueMappingDefinition(resource: ResolvedResource): QueueMappingDefinition {
  const queueArn = textOf(resource, "EventSourceArn");
  const scaling = { ...resource, properties: objectOf(resource, "ScalingConfig") };
  const batchSize = numberOf(resource, "BatchSize", DEFAULT_BATCH_SIZE);
  if (batchSize > MOST_BATCH_SIZE || resource.properties["FilterCriteria"] !== undefined)
    throw new LocalError(
      "LOCAL_TEMPLATE_UNSUPPORTED",
      `${resource.logicalId}: this machine knows mappings from queues without filters, of at most ` +
        `${MOST_BATCH_SIZE} messages.`,
    );
  const queueName = QUEUE_ARN.exec(queueArn)?.[1] ?? "";
  const concurrency = numberOf(scaling, "MaximumConcurrency", DEFAULT_CONCURRENCY);
  return {
    queueName,
    queueArn,
    functionName: textOf(resource, "FunctionName"),
    batchSize,
    concurrency: queueName.endsWith(".fifo") ? concurrency : Math.min(MOST_CONCURRENCY, concurrency),
    reportsItemFailures: listOf(resource, "FunctionResponseTypes").includes("ReportBatchItemFailures"),
  };
}
