/**
 * An event source mapping of the template, read once and checked: what this machine cannot honour is an error at start.
 */
import { isObject, listOf, numberOf, objectOf, type ResolvedResource, textOf } from "../assembly/template.ts";
import { LocalError } from "../local-error.ts";
import { compileFilter, type Filter } from "./filter-pattern.ts";
import type { MappingRules } from "./retry-plan.ts";

export interface MappingDefinition {
  readonly logicalId: string;
  readonly streamArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  /** Batches of one shard at once. */
  readonly lanes: number;
  readonly passes: Filter;
  readonly rules: MappingRules;
  /** Where records go that are not retried any more; they are dropped when left out. */
  readonly quarantineBucket?: string;
}

const DEFAULT_BATCH_SIZE = 100;
/** More would only queue up at one database. */
const MOST_LANES = 2;
const WITHOUT_LIMIT = -1;
const BUCKET_ARN = /^arn:[^:]+:s3:::(.+)$/;

export function mappingDefinition(resource: ResolvedResource): MappingDefinition {
  const part = (name: string): ResolvedResource => ({ ...resource, properties: objectOf(resource, name) });
  const patterns = listOf(part("FilterCriteria"), "Filters").map((filter) =>
    isObject(filter) ? String(filter["Pattern"]) : "{}",
  );
  const destination = objectOf(part("DestinationConfig"), "OnFailure")["Destination"];
  const bucket = typeof destination === "string" ? BUCKET_ARN.exec(destination)?.[1] : undefined;
  if (destination !== undefined && bucket === undefined)
    throw unsupported(resource, `the destination ${JSON.stringify(destination)}; expected a bucket`);
  const starting = textOf(resource, "StartingPosition");
  // Table and mapping are made together here: nothing is in the stream before both are there.
  if (starting !== "TRIM_HORIZON" && starting !== "LATEST")
    throw unsupported(resource, `the starting position ${starting}; expected TRIM_HORIZON or LATEST`);
  return {
    logicalId: resource.logicalId,
    streamArn: textOf(resource, "EventSourceArn"),
    functionName: textOf(resource, "FunctionName"),
    batchSize: numberOf(resource, "BatchSize", DEFAULT_BATCH_SIZE),
    batchingWindowMs: numberOf(resource, "MaximumBatchingWindowInSeconds", 0) * 1000,
    lanes: Math.min(MOST_LANES, numberOf(resource, "ParallelizationFactor", 1)),
    passes: compileFilter(patterns),
    rules: {
      reportsItemFailures: listOf(resource, "FunctionResponseTypes").includes("ReportBatchItemFailures"),
      bisectsOnError: resource.properties["BisectBatchOnFunctionError"] === true,
      maxRetryAttempts: numberOf(resource, "MaximumRetryAttempts", WITHOUT_LIMIT),
      maxRecordAgeSeconds: numberOf(resource, "MaximumRecordAgeInSeconds", WITHOUT_LIMIT),
    },
    ...(bucket !== undefined && { quarantineBucket: bucket }),
  };
}

function unsupported({ logicalId }: ResolvedResource, what: string): LocalError {
  return new LocalError("LOCAL_TEMPLATE_UNSUPPORTED", `${logicalId}: this machine does not know ${what}.`);
}
