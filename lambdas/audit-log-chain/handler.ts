/** `audit-log-chain`, behind the stream of the audit log: only wires. */
import { S3Client } from "@aws-sdk/client-s3";
import type { Context, DynamoDBStreamEvent } from "aws-lambda";
import { ChainBucket } from "../../core/aws/block-store.ts";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { FUNCTION_LIMITS } from "../../core/aws/call-limits.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { traced } from "../../core/aws/tracing.ts";
import { append } from "./append.ts";
import { changeOf } from "./changes.ts";
import { auditLogChainEnvironment } from "./environment.ts";

const env = auditLogChainEnvironment.read();
const logger = pipelineLogger();
const invocation = new Invocation();
const s3 = traced(boundedClient(S3Client, { ...FUNCTION_LIMITS, leftMs: invocation.leftMs }));
const store = new ChainBucket(s3, env.chainBucket);
const seen = { newest: 0 };

export async function handler(event: DynamoDBStreamEvent, context: Context): Promise<void> {
  logger.addContext(context);
  invocation.begin(context);
  const changes = event.Records.map(changeOf);
  const changed = changes.filter(({ event: what }) => what !== "INSERT");
  if (changed.length > 0)
    logger.error("entries of the audit log were changed or removed", {
      entryIds: changed.map(({ entry }) => entry.entryId),
    });
  const chained = await append(changes, { store, nowMs: Date.now, seen });
  logger.info("audit log chained", { received: changes.length, chained, block: seen.newest });
}
