/**
 * One merchant that is live and one of the sandbox, on the whole stack in either mode. Both get what they accept and
 * refuse the rest; what that counts as, whom it wakes and what is proved of it is told of the live one alone. First on
 * its stack: all that programs have counted is of these two.
 */
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { emfSamples } from "../../core/telemetry/emf-samples.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { type Pipeline, type Row, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

const DAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const PROGRAMS = { fargate: "confirmation-worker", lambda: "confirmation-transactions" } as const;

export function sandboxIn(mode: "fargate" | "lambda", running: () => Pipeline): void {
  let pipeline: Pipeline;
  const idsOf = (merchantId: string) => ({ accepted: `${merchantId}-1`, refused: `${merchantId}-2` });

  beforeAll(async () => {
    pipeline = running();
    const { merchant } = pipeline;
    for (const merchantId of ["live", "try"]) {
      const { accepted, refused } = idsOf(merchantId);
      merchant.respond(`/${merchantId}`, ({ body }) => (body.includes(`"${refused}"`) ? 500 : 200));
      await register({
        merchantId: { S: merchantId },
        confirmationUrl: { S: merchant.url(`/${merchantId}`) },
        retryScheduleSeconds: { L: [{ N: "1" }] },
        ...(merchantId === "try" && { environment: { S: "sandbox" } }),
      });
      for (const id of [accepted, refused])
        await pipeline.put(transactionRow(id, merchantId, { occurredAt: { S: `${DAY}T10:00:00Z` } }));
    }
    for (const merchantId of ["live", "try"])
      for (const id of Object.values(idsOf(merchantId))) await pipeline.terminalRow(id);
  }, patienceMs(120_000));

  const register = (Item: Row) =>
    pipeline.dynamodb.send(new PutItemCommand({ TableName: pipeline.stack.merchantsTable, Item }));

  /** What a program of the stack has counted so far: as metrics, and in small-account mode in lines of its log. */
  async function counted(metric: string): Promise<number> {
    const log = await pipeline.logOf(PROGRAMS[mode]);
    let sum = 0;
    for (const text of log.split("\n")) {
      if (!text.startsWith("{") || !text.includes(`"${metric}"`)) continue;
      const line = JSON.parse(text) as Readonly<Record<string, unknown>>;
      for (const { value, count } of emfSamples(line[metric])) sum += value * count;
      const { counts } = line as { counts?: Readonly<Record<string, number>> };
      sum += counts?.[metric] ?? 0;
    }
    return sum;
  }

  const counts = (expected: Readonly<Record<string, number>>) =>
    waitFor(`${PROGRAMS[mode]} has counted`, async () => {
      const found: Record<string, number> = {};
      for (const name of Object.keys(expected)) found[name] = await counted(name);
      return Object.values(found).every((count) => count > 0) ? found : undefined;
    });

  describe(`a live merchant and one of the sandbox, in mode ${mode}`, () => {
    it("are called alike, and their rows say alike what came of it", async () => {
      for (const merchantId of ["live", "try"]) {
        const { accepted, refused } = idsOf(merchantId);
        expect(await pipeline.row(accepted)).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
        expect(await pipeline.row(refused)).toMatchObject({
          confirmationState: { S: "FAILED" },
          failure: { M: { code: { S: "attempts_exhausted" } } },
          failedKey: { S: expect.stringMatching(new RegExp(`^${merchantId}#`)) },
          attemptCount: { N: "2" },
        });
      }
    });

    it("one dead letter is there: the live one's", async () => {
      const { Attributes } = await pipeline.sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: pipeline.stack.deadLetterQueueUrl,
          AttributeNames: ["ApproximateNumberOfMessages"],
        }),
      );
      expect(Attributes).toEqual({ ApproximateNumberOfMessages: "1" });
      expect(await pipeline.deadLetter(idsOf("live").refused)).toMatchObject({ transactionId: "live-2" });
    });

    it(
      "what is counted of the sandbox is counted apart",
      async () => {
        const expected = {
          Confirmed: 1,
          DeadLetteredMerchant: 1,
          SandboxConfirmed: 1,
          SandboxAttemptFailed: 2,
          SandboxGivenUp: 1,
        };
        expect(await counts(expected)).toEqual(expected);
      },
      patienceMs(90_000),
    );

    it(
      "the manifests of the day are the live one's alone",
      async () => {
        const invoke = (event: object) => pipeline.stack.invoke("audit-transactions", event);
        const started = await waitFor("an audit starts", async () => {
          const asked = (await invoke({ audit: "manifests", day: DAY })) as { is: string; runId: string };
          return asked.is === "started" ? asked : undefined;
        });
        const totals = await waitFor("the audit ends", async () => {
          const runs = (await invoke({ audit: "status" })) as readonly ({
            runId: string;
            finishedAt?: number;
            totals?: object;
          } | null)[];
          const found = runs.find((run) => run?.runId === started.runId);
          return found?.finishedAt === undefined ? undefined : found.totals;
        });
        expect(totals).toMatchObject({ written: 1, transactions: 2, unsettled: 0 });
      },
      patienceMs(90_000),
    );
  });
}
