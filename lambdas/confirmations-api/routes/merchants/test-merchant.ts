/**
 * `POST /v1/merchants/{merchantId}/test` and `GET …/test/{jobId}`: a signed test event. The API dials nobody: it asks
 * for the call, and the program that delivers makes it, through guard, room and egress addresses like any delivery.
 * What was sent and what came back is in the job.
 */
import { randomUUID } from "node:crypto";
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { notFound } from "../../../../core/api/api-error.ts";
import { entryOf, tooContended } from "../../../../core/api/audited.ts";
import { existingMerchant, type RegistryParts } from "../../../../core/api/existing-merchant.ts";
import { merchantParam } from "../../../../core/api/merchant-param.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import { merchantResource } from "../../../../core/audit-log/audit-entry.ts";
import type { AuditedWrites } from "../../../../core/aws/audited-writes.ts";
import { callMessage } from "../../../../core/jobs/ask-for-call.ts";
import { asSeenAt, merchantCallRow, readMerchantCall } from "../../../../core/jobs/merchant-call.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { callSchema, callView } from "./call-view.ts";

const ASK_AGAIN_SECONDS = "1";
const content = { "application/json": { schema: callSchema } };

const askRoute = createRoute({
  ...access("testMerchant"),
  method: "post",
  path: "/merchants/{merchantId}/test",
  tags: ["Merchants"],
  summary: "Send a merchant a test event",
  description:
    "One signed call of type `webhook.test`, without retries; it feeds no circuit. Made within a minute or not at all.",
  request: { params: merchantParam },
  responses: {
    ...problems("testMerchant", [404]),
    202: {
      description: "It is asked for; what comes of it is at `location`",
      headers: z.object({ location: z.string(), "retry-after": z.string() }),
      content,
    },
  },
});

const getRoute = createRoute({
  ...access("getMerchantTest"),
  method: "get",
  path: "/merchants/{merchantId}/test/{jobId}",
  tags: ["Merchants"],
  summary: "See what came of a test event",
  description: "Its request and its answer, for seven days. Read consistently.",
  request: { params: merchantParam.extend({ jobId: z.string().min(1).max(64) }) },
  responses: { ...problems("getMerchantTest", [404]), 200: { description: "The test", content } },
});

export interface TestParts extends RegistryParts {
  readonly audited: Pick<AuditedWrites, "write">;
  readonly jobsTable: string;
  readonly readJob: (jobId: string) => Promise<AttributeMap | undefined>;
  /** Sends a message to the queue `merchant-calls`. */
  readonly sendCall: (body: string) => Promise<unknown>;
  readonly nowMs: () => number;
}

export function testMerchant(app: ApiApp, parts: TestParts): void {
  app.openapi(askRoute, async (c) => {
    const { merchantId } = c.req.valid("param");
    await existingMerchant(parts, merchantId);
    const now = parts.nowMs();
    const jobId = randomUUID();
    const row = merchantCallRow({ jobId, kind: "test", merchantId, requestedBy: principalIn(c).subject }, now);
    const act = { action: "testMerchant", resource: merchantResource(merchantId), after: { jobId } } as const;
    const put = {
      Put: {
        TableName: parts.jobsTable,
        Item: row as Record<string, never>,
        ConditionExpression: "attribute_not_exists(jobId)",
      },
    };
    const result = await parts.audited.write(entryOf(c, act, now), [put]);
    if (result.kind === "refused") throw tooContended("The job");
    await parts.sendCall(callMessage(jobId));
    c.header("location", `/v1/merchants/${encodeURIComponent(merchantId)}/test/${jobId}`);
    c.header("retry-after", ASK_AGAIN_SECONDS);
    return c.json(callView(readMerchantCall(row)), 202);
  });
  app.openapi(getRoute, async (c) => {
    const { merchantId, jobId } = c.req.valid("param");
    await existingMerchant(parts, merchantId);
    const row = await parts.readJob(jobId);
    const call = row === undefined ? undefined : readMerchantCall(row);
    if (call?.merchantId !== merchantId || call.kind !== "test") throw notFound("test event");
    return c.json(callView(asSeenAt(call, parts.nowMs())), 200);
  });
}
