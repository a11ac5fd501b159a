/**
 * Lambda `audit-transactions`, invoked by its schedule, by the queue of parts, and by whoever wants an audit now:
 * `{"audit":"table"}`. Wires only.
 */
import { setTimeout as pause } from "node:timers/promises";
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { FUNCTION_LIMITS } from "../../core/aws/call-limits.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { AuditStore } from "../../core/aws/audit-store.ts";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { ProgramMetrics } from "../../core/aws/program-metrics.ts";
import { sendParts } from "../../core/aws/part-queue.ts";
import { tableSize } from "../../core/aws/table-size.ts";
import { traced } from "../../core/aws/tracing.ts";
import { KINDS, type PartMessage } from "../../core/audit/audit-run.ts";
import { auditTransactionsEnvironment } from "./environment.ts";
import { parseRequest } from "./request.ts";
import { conclude } from "./runs/conclude.ts";
import { partsFor } from "./runs/parts-for.ts";
import { planDue, planManifests, planNow } from "./runs/plan-runs.ts";
import { worksWith } from "./works.ts";

const env = auditTransactionsEnvironment.read();
const logger = pipelineLogger();
const metrics = new ProgramMetrics(env.publishedMetrics, (message, details) => logger.info(message, details));
const invocation = new Invocation();
const { leftMs } = invocation;
const dynamodb = traced(boundedClient(DynamoDBClient, { ...FUNCTION_LIMITS, leftMs }));
const sqs = traced(boundedClient(SQSClient, { ...FUNCTION_LIMITS, leftMs }));
const store = new AuditStore(dynamodb, env.auditsTable);
const warn = (message: string, details: Readonly<Record<string, unknown>>): void => logger.warn(message, details);
const workOn = worksWith({ env, dynamodb, leftMs, pause, warn });
const parts = {
  ...env,
  store,
  now: Date.now,
  send: (messages: readonly PartMessage[]) => sendParts(sqs, env.queueUrl, messages),
  partsFor: partsFor(env.segments, {
    transactions: () => tableSize(dynamodb, env.transactionsTable),
    merchants: () => tableSize(dynamodb, env.merchantsTable),
  }),
  publish: (values: Readonly<Record<string, number>>): void => {
    for (const [metric, value] of Object.entries(values)) metrics.addMetric(metric, MetricUnit.Count, value);
    metrics.publishStoredMetrics();
  },
  log: (message: string, details: Readonly<Record<string, unknown>>): void => logger.info(message, details),
  warn,
};

export async function handler(event: unknown, context: Context): Promise<unknown> {
  logger.addContext(context);
  invocation.begin(context);
  const request = parseRequest(event, Date.now());
  if (request.kind === "due") return planDue(parts);
  if (request.kind === "now") return planNow(request.audit, request.day, parts);
  if (request.kind === "status") return Promise.all(KINDS.map((kind) => store.current(kind)));
  for (const message of request.messages) await work(message, context);
  return undefined;
}

async function work(message: PartMessage, context: Context): Promise<void> {
  const run = await store.current(message.kind);
  // A message of a run that is over came again.
  if (run === undefined || run.runId !== message.runId || run.finishedAt !== undefined) return;
  const options = { store, now: Date.now, remainingMs: () => context.getRemainingTimeInMillis() };
  const worked = await workOn(run, message, options);
  if (worked === "continues") return parts.send([message]);
  if (worked === "overtaken") return;
  const isFinished = await conclude(message.kind, message.runId, parts);
  if (isFinished && message.kind === "manifests") await planManifests(parts);
}
