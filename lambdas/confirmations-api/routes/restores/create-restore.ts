/**
 * `POST /v1/restores`: plans the restore of the table from a backup that was restored beside it, and `…/decisions`:
 * what becomes of those that a restore left undecided. The API only notes what is asked for; `run-jobs` does it.
 */
import { randomUUID } from "node:crypto";
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp, ApiContext } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { entryOf, tooContended } from "../../../../core/api/audited.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import type { OperationId } from "../../../../core/access/operations.ts";
import { isOpen, type Job, jobRow } from "../../../../core/jobs/job.ts";
import {
  DECISION_PARTS,
  type DecisionSpec,
  isDecision,
  RESTORE_PARTS,
  RESTORE_RATE,
  type RestorePlanSpec,
  restoreSpecOf,
  sourcesWithout,
} from "../../../../core/jobs/restore/spec.ts";
import { INDEX_LAG_MS } from "../../../../core/jobs/slice-times.ts";
import { RESTORED_TABLE_SUFFIX } from "../../../../core/settings/names.ts";
import { sendPartsOf } from "../send-parts.ts";
import { existingRestore, type RestoreParts, restoreResource, shownRestore } from "./restore-parts.ts";
import { newDecisionSchema, newRestoreSchema, restoreParam, restoreSchema } from "./restore-schema.ts";

const ASK_AGAIN_SECONDS = "5";
/** Milliseconds after which what was recorded until now is in the journal, beside the time that that takes. */
const JOURNAL_MARGIN_MS = 10_000;
/** Restores that are looked at for one that is open. */
const LATEST = 20;

const accepted = {
  description: "It is noted; how far it is is at `location`",
  headers: z.object({ location: z.string(), "retry-after": z.string() }),
  content: { "application/json": { schema: restoreSchema } },
};

const planRoute = createRoute({
  ...access("createRestore"),
  method: "post",
  path: "/restores",
  tags: ["Operations"],
  summary: "Plan the restore of the table of transactions",
  description:
    "Compares a table that was restored from a backup with the stack's own, and with what its stream, the journal " +
    "and manifests say was confirmed since. It writes to no row: it counts, and lists what is unknown; `apply` " +
    "writes. The table's time to live is off from then on, until the restore is over.",
  request: { body: { required: true, content: { "application/json": { schema: newRestoreSchema } } } },
  responses: { ...problems("createRestore", [409], true), 202: accepted },
});

const decideRoute = createRoute({
  ...access("decideRestore"),
  method: "post",
  path: "/restores/{jobId}/decisions",
  tags: ["Operations"],
  summary: "Decide about transactions that a restore left undecided",
  description: "All of them, or some by id. What was decided before, or was found out since, is left alone.",
  request: {
    params: restoreParam,
    body: { required: true, content: { "application/json": { schema: newDecisionSchema } } },
  },
  responses: { ...problems("decideRestore", [404, 409], true), 202: accepted },
});

export function createRestore(app: ApiApp, parts: RestoreParts): void {
  app.openapi(planRoute, async (c) => {
    const { fromTable, restoredTo, damagedAt, without, reason, ratePerSecond } = c.req.valid("json");
    const now = parts.nowMs();
    const backupAt = await backupTimeOf(fromTable, restoredTo, parts);
    const spec: RestorePlanSpec = {
      fromTable,
      restoredTo: backupAt,
      damagedAt: damagedAt === undefined ? backupAt : Date.parse(damagedAt),
      sources: sourcesWithout(without),
    };
    checkTimes(spec, now);
    await checkAlone(parts);
    const waitMs = spec.sources.includes("journal") ? parts.journalSeconds * 1000 + JOURNAL_MARGIN_MS : 0;
    const asked = {
      spec,
      reason,
      requestedBy: principalIn(c).subject,
      ratePerSecond,
      createdAt: now,
      parts: RESTORE_PARTS,
    };
    const job: Job = {
      jobId: randomUUID(),
      kind: "restore",
      state: "counting",
      // What is recorded now is in the journal by then.
      asked: { ...asked, asOf: now + waitMs - INDEX_LAG_MS },
    };
    await put(c, "createRestore", job, parts);
    await sendPartsOf(job, restoreResource(job.jobId), "count", parts, waitMs);
    return c.json(await shownRestore(job, parts), 202, headersOf(job));
  });
  app.openapi(decideRoute, async (c) => {
    const { decision, transactionIds, reason } = c.req.valid("json");
    const restore = await existingRestore(parts, c.req.valid("param").jobId);
    if (isDecision(restoreSpecOf(restore)) || restore.startedAt === undefined)
      throw conflict(`got a decision for a restore that is ${restore.state}, expected one that was applied`);
    const now = parts.nowMs();
    const spec: DecisionSpec = {
      decides: restore.jobId,
      decision,
      ...(transactionIds !== undefined && { transactionIds: [...new Set(transactionIds)] }),
    };
    const asked = { spec, reason, requestedBy: principalIn(c).subject, ratePerSecond: RESTORE_RATE, createdAt: now };
    const job: Job = {
      jobId: randomUUID(),
      kind: "restore",
      state: "running",
      // What was noted as undecided just now is in its index by then.
      asked: { ...asked, asOf: now, parts: DECISION_PARTS },
      startedAt: now,
    };
    await put(c, "decideRestore", job, parts);
    await sendPartsOf(job, restoreResource(job.jobId), "run", parts);
    return c.json(await shownRestore(job, parts), 202, headersOf(job));
  });
}

async function put(c: ApiContext, operation: OperationId, job: Job, parts: RestoreParts): Promise<void> {
  const { jobId, asked } = job;
  const { reason, ratePerSecond, createdAt } = asked;
  const after = { ...(asked.spec as object), reason, ratePerSecond };
  const act = { action: operation, resource: restoreResource(jobId), after } as const;
  const write = {
    Put: {
      TableName: parts.jobStore.table,
      Item: jobRow(job) as Record<string, never>,
      ConditionExpression: "attribute_not_exists(jobId)",
    },
  };
  await parts.openJobs.note(jobId, createdAt);
  const result = await parts.audited.write(entryOf(c, act, createdAt), [write]);
  if (result.kind === "refused") throw tooContended("The restore");
}

function headersOf({ jobId }: Job) {
  return { location: `/v1/restores/${jobId}`, "retry-after": ASK_AGAIN_SECONDS };
}

/** @returns epoch milliseconds */
async function backupTimeOf(
  fromTable: string,
  restoredTo: string | undefined,
  { transactionsTable, describeRestored }: RestoreParts,
): Promise<number> {
  if (fromTable !== transactionsTable && !fromTable.startsWith(`${transactionsTable}${RESTORED_TABLE_SUFFIX}`))
    throw invalid(
      "fromTable",
      `got another name than ${transactionsTable}${RESTORED_TABLE_SUFFIX}…, expected a name that begins so: ` +
        "no other table may be read",
    );
  const table = await describeRestored(fromTable);
  if (table === undefined) throw invalid("fromTable", "got the name of no table, expected one that is there");
  if (!table.isReady) throw invalid("fromTable", "got a table that is not ready, expected one that is ACTIVE");
  if (table.key !== "transactionId")
    throw invalid("fromTable", `got a table with the key ${table.key}, expected one of transactions`);
  const time = restoredTo === undefined ? table.restoredTo : Date.parse(restoredTo);
  if (time === undefined)
    throw invalid("restoredTo", "got none, and DynamoDB says none of this table; expected the time of the backup");
  return time;
}

function checkTimes({ restoredTo, damagedAt }: RestorePlanSpec, now: number): void {
  if (restoredTo > now) throw invalid("restoredTo", "got a time that is still to come");
  if (damagedAt > now) throw invalid("damagedAt", "got a time that is still to come");
  if (damagedAt < restoredTo)
    throw invalid("damagedAt", "got a time before that of the backup, which has the damage then; restore an older one");
}

/**
 * Two at once would turn the table's time to live on before the other one is over. One that is canceled, and waits for
 * that alone, leaves it to the next one.
 */
async function checkAlone({ listRestores }: RestoreParts): Promise<void> {
  const { jobs } = await listRestores(LATEST, undefined);
  const open = jobs.find((job) => isOpen(job) && !isDecision(restoreSpecOf(job)));
  if (open !== undefined)
    throw conflict(`got a restore while ${open.jobId} is ${open.state}, expected it to be over or canceled`);
}

export function conflict(detail: string): ApiError {
  return new ApiError("API_RESTORE_CONFLICT", `${detail}.`);
}

function invalid(name: string, detail: string): ApiError {
  return new ApiError("API_BODY_INVALID", `${name}: ${detail}.`, { errors: [{ pointer: `/${name}`, detail }] });
}
