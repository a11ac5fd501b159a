/**
 * Redeliveries from outside, in both modes: asked for by the API, run by the function, called by whoever delivers, and
 * counted at the merchant.
 */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { JobStore } from "../../core/aws/job-store.ts";
import { parsePartMessage } from "../../core/jobs/part.ts";
import type { DeliveryMode } from "../../core/settings/groups/delivery.ts";
import type { Interposition } from "../../local/local-stack.ts";
import { patienceMs, patienceSeconds } from "../support/machine-speed.ts";
import { givenAgain } from "./given-again.ts";
import { type Pipeline, type Row, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

/** What a stack is to have. */
export const REDELIVERIES = {
  api: { audience: ["confirmations"] },
  // What was noted and could not be sent, as on a busy machine, goes on the queue again after that.
  release: { leaseSeconds: Math.min(900, patienceSeconds(60)) },
};
/**
 * A part that an invocation was at which was killed is nobody's after 32 seconds, and its message comes after 40: as
 * time would have it.
 */
export function partsComeAgain(running: () => Pipeline): Interposition {
  const free = async (bodies: readonly string[]): Promise<void> => {
    const store = new JobStore(running().dynamodb, "Jobs", Date.now);
    for (const id of bodies.map(parsePartMessage)) {
      if (id === undefined) continue;
      const part = await store.part(id);
      await store.savePart(id, { ...part, step: part.step + 1, heldUntil: 0 });
    }
  };
  return { invocation: givenAgain("run-jobs", running, free) };
}

/** Where a function delivers, a merchant has less room. */
const ROWS = { fargate: 150, lambda: 100 } as const satisfies Record<DeliveryMode, number>;

interface Shown {
  readonly jobId: string;
  readonly state: string;
  readonly count?: number;
  readonly sample?: readonly string[];
  readonly counts: Readonly<Record<string, number>> & { readonly skippedBy: Readonly<Record<string, number>> };
}

const UNAVAILABLE = 503;

class Refused extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

export function redeliveriesIn(mode: DeliveryMode, running: () => Pipeline): void {
  const rows = ROWS[mode];
  let pipeline: Pipeline;
  let token: string;

  beforeAll(async () => {
    pipeline = running();
    const form = { grant_type: "client_credentials", scope: "redeliveries:write" };
    const response = await fetch(`${pipeline.stack.endpoints.issuer}/token`, {
      method: "POST",
      body: new URLSearchParams(form),
    });
    token = ((await response.json()) as { access_token: string }).access_token;
  });

  const ask = async (method: string, path: string, body?: unknown): Promise<Shown> => {
    const response = await fetch(`${pipeline.stack.endpoints.api}/v1/redeliveries${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Refused(`${method} ${path}: ${response.status} ${text}`, response.status);
    return JSON.parse(text) as Shown;
  };
  const until = (what: string, jobId: string, isSo: (shown: Shown) => boolean): Promise<Shown> =>
    waitFor(what, async () => {
      // Of a busy machine, which does not answer the API in time, it is asked again, as its answer says.
      const shown = await ask("GET", `/${jobId}`).catch((error: unknown) => {
        if (!(error instanceof Refused && error.status === UNAVAILABLE)) throw error;
      });
      return shown !== undefined && isSo(shown) ? shown : undefined;
    });
  const rowsOf = async (merchantId: string): Promise<Row[]> => {
    const found: Row[] = [];
    let from: Row | undefined;
    do {
      const page = await pipeline.dynamodb.send(
        new ScanCommand({ TableName: "Transactions", ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) }),
      );
      found.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return found.filter((row) => row["merchantId"]?.S === merchantId);
  };
  const inState = (merchantId: string, count: number, state: string) =>
    waitFor(`${count} of ${merchantId} are ${state}`, async () => {
      const seen = await rowsOf(merchantId);
      return seen.filter((row) => row["confirmationState"]?.S === state).length === count ? seen : undefined;
    });
  const write = async (merchantId: string, count: number, more: Row = {}): Promise<void> => {
    for (let from = 0; from < count; from += 25)
      await Promise.all(
        Array.from({ length: Math.min(25, count - from) }, (_, index) =>
          pipeline.put(transactionRow(`${merchantId}-${from + index}`, merchantId, more)),
        ),
      );
  };

  describe("a redelivery", () => {
    it(
      "sends each confirmed one again once, though it is paused, resumed, and its function is killed half-way",
      async () => {
        await pipeline.registerMerchant({ merchantId: "again", confirmationUrl: pipeline.merchant.url("/again") });
        await write("again", rows);
        await inState("again", rows, "CONFIRMED");
        const before = pipeline.merchant.to("/again");
        const idsBefore = new Set(before.map(({ headers }) => headers["webhook-id"]));

        const { jobId } = await ask("POST", "", {
          filter: { merchantId: "again", state: "CONFIRMED" },
          reason: "their database was restored",
          ratePerSecond: 20,
          dryRun: true,
        });
        const counted = await until("it is counted", jobId, ({ state }) => state === "counted");
        expect([counted.count, counted.sample?.length]).toEqual([rows, 20]);
        expect(pipeline.merchant.to("/again")).toHaveLength(before.length);

        await ask("POST", `/${jobId}/start`);
        await until("some are sent", jobId, ({ counts }) => (counts["sent"] ?? 0) > rows / 10);
        await waitFor("it is killed at work", async () =>
          (await pipeline.stack.endInvocations("run-jobs")) > 0 ? true : undefined,
        );
        await until("more are sent after the kill", jobId, ({ counts }) => (counts["delivered"] ?? 0) > rows / 3);
        await ask("POST", `/${jobId}/pause`);
        let live = 0;
        // Live traffic goes on meanwhile, and takes time in which nothing of the job is sent.
        await waitFor("it stands still", async () => {
          const { length } = pipeline.merchant.to("/again");
          await write(`live${(live += 1)}`, 1);
          await inState(`live${live}`, 1, "FAILED");
          return pipeline.merchant.to("/again").length === length ? true : undefined;
        });
        expect(await ask("GET", `/${jobId}`)).toMatchObject({ state: "paused" });
        await ask("POST", `/${jobId}/resume`);

        const done = await until("it is done", jobId, ({ state }) => state === "done");
        expect(done.counts).toMatchObject({ matched: rows, sent: rows, delivered: rows, skipped: 0, failed: 0 });
        const again = pipeline.merchant.to("/again").slice(before.length);
        expect(again.every(({ headers }) => headers["webhook-redelivery"] === jobId)).toBe(true);
        expect(new Set(again.map(({ headers }) => headers["webhook-id"]))).toEqual(idsBefore);
        expect(again).toHaveLength(rows);
        for (const row of await rowsOf("again")) expect(row["confirmationState"]?.S).toBe("CONFIRMED");
      },
      patienceMs(300_000),
    );

    it(
      "opens failed ones again, which end as any other",
      async () => {
        await pipeline.registerMerchant({ merchantId: "broken", confirmationUrl: pipeline.merchant.url("/broken") });
        await write("broken", 30, { confirmationUrl: { S: "https://10.1.2.3/hook" } });
        const failed = await inState("broken", 30, "FAILED");
        for (const row of failed)
          await pipeline.update(row["transactionId"]?.S ?? "", "SET confirmationUrl = :url", {
            ":url": { S: pipeline.merchant.url("/broken") },
          });

        const { jobId } = await ask("POST", "", {
          filter: { merchantId: "broken", state: "FAILED", reason: "url_not_allowed" },
          reason: "their address is right now",
        });

        const { counts } = await until("it is done", jobId, ({ state }) => state === "done");
        expect(counts).toMatchObject({ matched: 30, sent: 30, skipped: 0, failed: 0 });
        await inState("broken", 30, "CONFIRMED");
        expect(pipeline.merchant.to("/broken")).toHaveLength(30);
        for (const { headers } of pipeline.merchant.to("/broken")) expect(headers["webhook-redelivery"]).toBe(jobId);
      },
      patienceMs(240_000),
    );

    it(
      "says of what failed, was raised or is not there what became of it",
      async () => {
        await pipeline.registerMerchant({ merchantId: "moody", confirmationUrl: pipeline.merchant.url("/moody") });
        await write("moody", 3);
        await inState("moody", 3, "CONFIRMED");
        pipeline.merchant.respond("/moody", ({ body }) => (body.includes("moody-0") ? 410 : 200));
        await pipeline.update("moody-2", "SET confirmationState = :parked", { ":parked": { S: "SCHEDULED" } });

        const { jobId } = await ask("POST", "", {
          filter: { transactionIds: ["moody-0", "moody-1", "moody-2", "nobody"] },
          reason: "each of another kind",
        });

        const { counts } = await until("it is done", jobId, ({ state }) => state === "done");
        expect(counts).toMatchObject({ matched: 4, sent: 2, delivered: 1, failed: 1, skipped: 2 });
        expect(counts.skippedBy).toEqual({ pending: 1, not_found: 1 });
      },
      patienceMs(240_000),
    );
  });
}
