/** Ordering keys on the synthesized stack, in both modes, from outside: what is behind waits, what is beside not. */
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { type Pipeline, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

const MERCHANT = "in-turn";
/** What a stack is to have. */
export const IN_ORDER = {
  // Longer than the first call is held by any test.
  delivery: { deadlineMs: 30_000 },
  retry: { inQueueMaxSeconds: 0 },
  release: { leaseSeconds: 3, everySeconds: 1 },
};

/**
 * @param beside whose other keys are held up by none. In small-account mode another merchant: while a call of one is
 *   late, there is no second execution for it
 */
export function inOrder(running: () => Pipeline, beside = MERCHANT): void {
  let pipeline: Pipeline;

  beforeAll(async () => {
    pipeline = running();
    for (const merchantId of new Set([MERCHANT, beside])) {
      const Item = {
        merchantId: { S: merchantId },
        confirmationUrl: { S: pipeline.merchant.url("/in-turn") },
        retryScheduleSeconds: { L: [{ N: "1" }, { N: "1" }] },
      };
      await pipeline.dynamodb.send(new PutItemCommand({ TableName: pipeline.stack.merchantsTable, Item }));
      // One that has responded: of a merchant that nobody knows small-account mode makes few calls at once.
      await pipeline.put(transactionRow(`known-${merchantId}`, merchantId));
      await pipeline.terminalRow(`known-${merchantId}`);
    }
    if (beside === MERCHANT) return;
    // Quickly, however busy this machine is.
    const Item = {
      merchantId: { S: `share of ${beside}` },
      version: { N: "1" },
      quickAt: { N: String(Date.now()) },
    };
    const TableName = pipeline.stack.outputs["MerchantGatesTableName"];
    await pipeline.dynamodb.send(new PutItemCommand({ TableName, Item }));
  });

  /**
   * Puts rows of one key one after the other, each when the one before is in the queue: the order of a key is the order
   * in which its messages come there. The first is being answered meanwhile, and stays so until the test lets it go.
   */
  async function putInTurn(
    orderingKey: string,
    path: string,
    ids: readonly string[],
  ): Promise<(status: number) => void> {
    const first = Promise.withResolvers<number>();
    pipeline.merchant.respond(path, () => first.promise);
    const queued = (count: number) =>
      waitFor(`${count} are in the queue`, async () =>
        (await pipeline.stack.counters()).queued === count ? true : undefined,
      );
    await queued(0);
    for (const [index, transactionId] of ids.entries()) {
      const more = { orderingKey: { S: orderingKey }, confirmationUrl: { S: pipeline.merchant.url(path) } };
      await pipeline.put(transactionRow(transactionId, MERCHANT, more));
      await queued(index + 1);
    }
    await waitFor("the first is under way", () => (pipeline.merchant.to(path).length > 0 ? true : undefined));
    return first.resolve;
  }

  const idsTo = (path: string): string[] =>
    pipeline.merchant
      .to(path)
      .map(({ body }) => (JSON.parse(body) as { data: { transactionId: string } }).data.transactionId);

  describe("transactions with an ordering key", () => {
    it("come in the order of their rows though the first fails twice, and hold up no other key", async () => {
      const ids = ["k-1", "k-2", "k-3", "k-4"];
      const answerFirst = await putInTurn("account", "/account", ids);
      pipeline.merchant.respond("/account", (_delivery, nth) => (nth < 3 ? 503 : 200));
      const another = {
        orderingKey: { S: "another account" },
        confirmationUrl: { S: pipeline.merchant.url("/another") },
      };
      await pipeline.put(transactionRow("l-1", beside, another));
      expect(await pipeline.terminalRow("l-1")).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
      expect(idsTo("/account")).toEqual(["k-1"]);
      answerFirst(503);

      for (const id of ids)
        expect(await pipeline.terminalRow(id)).toMatchObject({ confirmationState: { S: "CONFIRMED" } });

      expect(idsTo("/account")).toEqual(["k-1", "k-1", "k-1", "k-2", "k-3", "k-4"]);
      expect(await pipeline.row("k-1")).toMatchObject({ attemptCount: { N: "3" } });
    });

    it("come one after the other, written all at once, when each names the one before it", async () => {
      const url = { S: pipeline.merchant.url("/chain") };
      const ids = Array.from({ length: 12 }, (_, index) => `c-${index}`);
      for (const [index, id] of ids.entries()) {
        const after = index === 0 ? {} : { orderingAfter: { S: `c-${index - 1}` } };
        const more = { orderingKey: { S: "chain" }, confirmationUrl: url, ...after };
        await pipeline.put(transactionRow(id, MERCHANT, more));
      }

      for (const id of ids)
        expect(await pipeline.terminalRow(id)).toMatchObject({ confirmationState: { S: "CONFIRMED" } });

      expect(idsTo("/chain")).toEqual(ids);
    });

    it("go on behind one that is given up, whose dead letter can be put back and comes last", async () => {
      const answerFirst = await putInTurn("given up", "/given-up", ["g-1", "g-2"]);
      pipeline.merchant.respond("/given-up", ({ body }) => (body.includes('"g-1"') ? 500 : 200));
      answerFirst(500);
      expect(await pipeline.terminalRow("g-1")).toMatchObject({ confirmationState: { S: "FAILED" } });
      expect(await pipeline.terminalRow("g-2")).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
      expect(idsTo("/given-up")).toEqual(["g-1", "g-1", "g-1", "g-2"]);

      pipeline.merchant.respond("/given-up", () => 200);
      await pipeline.send(JSON.stringify(await pipeline.deadLetter("g-1")), "put-back", "put-back-g-1");

      await waitFor("it is confirmed", async () =>
        (await pipeline.row("g-1"))["confirmationState"]?.S === "CONFIRMED" ? true : undefined,
      );
      expect(idsTo("/given-up").at(-1)).toBe("g-1");
      expect(await pipeline.row("g-1")).toMatchObject({ releaseNumber: { N: "1" } });
    });
  });
}
