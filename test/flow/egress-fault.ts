/**
 * Every merchant becomes unreachable at once, as when our own network is down, and comes back: what the pipeline makes
 * of it, from outside.
 */
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { MerchantServer } from "./merchant-server.ts";
import { type Pipeline, type Row, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";
import { patienceMs } from "../support/machine-speed.ts";

const MERCHANTS = 8;
/** Ten a merchant: as many as each has room for at once when all are delivered. */
const TRANSACTIONS = 10 * MERCHANTS;

let pipeline: Pipeline;
let merchants: MerchantServer[] = [];

const start = (ports: readonly number[]) => Promise.all(ports.map((port) => MerchantServer.start(port)));

async function putAll(prefix: string, count: number): Promise<void> {
  const owed = Array.from({ length: count }, (_, index) =>
    transactionRow(`${prefix}-${index}`, `m-${index % MERCHANTS}`),
  );
  await Promise.all(owed.map((row) => pipeline.put(row)));
}

/** Rows of the test; the rest of the table is not looked at. */
async function rows(prefix: string): Promise<Row[]> {
  const { Items = [] } = await pipeline.dynamodb.send(
    new ScanCommand({ TableName: pipeline.stack.transactionsTable, ConsistentRead: true }),
  );
  return Items.filter((row) => row["transactionId"]?.S?.startsWith(`${prefix}-`));
}

const attemptsOf = (all: readonly Row[]): number =>
  all.reduce((sum, { attemptCount }) => sum + Number(attemptCount?.N ?? 0), 0);
const allConfirmed = (all: readonly Row[]): true | undefined =>
  all.every(({ confirmationState }) => confirmationState?.S === "CONFIRMED") ? true : undefined;

export function egressFault(running: () => Pipeline): void {
  beforeAll(async () => {
    pipeline = running();
    merchants = await start(Array<number>(MERCHANTS).fill(0));
    for (const [index, merchant] of merchants.entries())
      await pipeline.registerMerchant({ merchantId: `m-${index}`, confirmationUrl: merchant.url("/") });
  });
  afterAll(async () => {
    await Promise.all(merchants.map((merchant) => merchant.stop()));
  });

  describe("a loss of every connection at once", () => {
    it(
      "stops the worker, costs no attempt and opens no circuit; once it is over everything is delivered",
      async () => {
        await putAll("before", MERCHANTS);
        await waitFor("all is well", async () => allConfirmed(await rows("before")));
        const ports = merchants.map(({ port }) => port);
        await Promise.all(merchants.map((merchant) => merchant.stop()));

        await putAll("lost", TRANSACTIONS);
        await waitFor(
          "all of it is in the queue, but for the ten of a probe and what is parked after one",
          async () => {
            const { queued, inFlight, seen } = await pipeline.stack.counters();
            const isStill = seen >= TRANSACTIONS && queued >= TRANSACTIONS - 30 && inFlight <= 10;
            return isStill ? true : undefined;
          },
        );

        const lost = await rows("lost");
        expect(lost.some((row) => row["waitingFor"]?.S === "our egress")).toBe(true);
        expect(attemptsOf(lost)).toBe(0);
        const gates = await pipeline.dynamodb.send(
          new ScanCommand({ TableName: pipeline.stack.outputs["MerchantGatesTableName"] ?? "" }),
        );
        expect((gates.Items ?? []).filter((gate) => gate["circuitOpenUntil"] !== undefined)).toEqual([]);

        merchants = await start(ports);
        await waitFor("everything is delivered", async () => allConfirmed(await rows("lost")));
        const terminal = await rows("lost");
        expect(terminal).toHaveLength(TRANSACTIONS);
        expect(attemptsOf(terminal)).toBe(TRANSACTIONS);
        expect(merchants.flatMap(({ deliveries }) => deliveries)).toHaveLength(TRANSACTIONS);
      },
      patienceMs(40_000),
    );
  });
}
