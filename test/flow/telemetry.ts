/**
 * What the programs of the synthesized stack tell of one transaction that is retried once: metrics, and the steps of
 * one that is followed. First on its stack: all that programs have counted is of this one.
 */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { emfSamples } from "../../core/telemetry/emf-samples.ts";
import type { Sample } from "../../core/telemetry/percentile.ts";
import { type Pipeline, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";
import { patienceMs } from "../support/machine-speed.ts";

/** What a stack is to have. */
export const TELEMETRY = { logs: { debugSamplePercent: 100 } };
const MERCHANT = "measured";
const CARD = "4111 1111 1111 1111";
const ROOT = "1-5759e988-bd862e3fe1be46a994272793";

type Line = Readonly<Record<string, unknown>>;

let pipeline: Pipeline;

async function linesOf(program: string): Promise<Line[]> {
  const log = await pipeline.logOf(program);
  return log.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as Line];
    } catch {
      return [];
    }
  });
}

/** Of one metric, once there are any. */
function samples(program: string, metric: string, of: (line: Line) => boolean = () => true): Promise<Sample[]> {
  return waitFor(`${program} has published ${metric}`, async () => {
    const lines = (await linesOf(program)).filter((line) => line["_aws"] !== undefined && of(line));
    const found = lines.flatMap((line) => emfSamples(line[metric])).filter(({ value }) => value > 0);
    return found.length > 0 ? found : undefined;
  });
}

const sum = (found: readonly Sample[]): number => found.reduce((total, { value, count }) => total + value * count, 0);

export function telemetry(running: () => Pipeline): void {
  beforeAll(async () => {
    pipeline = running();
    await pipeline.registerMerchant({ merchantId: MERCHANT, confirmationUrl: pipeline.merchant.url("/traced") });
    pipeline.merchant.respond("/traced", (_, nth) => (nth === 1 ? { status: 503, body: `no card ${CARD}` } : 200));
    await pipeline.put(transactionRow("t-1", MERCHANT, { traceHeader: { S: `Root=${ROOT};Sampled=1` } }));
    await pipeline.terminalRow("t-1");
  }, patienceMs(90_000));

  describe("of a transaction that is retried once", () => {
    it(
      "the time from its write to its confirmation is measured over the retry",
      async () => {
        const [time, ...others] = await samples("confirmation-worker", "CommitToConfirmed");
        expect(others).toEqual([]);
        const row = await pipeline.row("t-1");
        const longest = Number(row["settledAt"]?.N) - Number(row["committedAt"]?.N);
        expect(time?.count).toBe(1);
        expect(Math.abs((time?.value ?? 0) - longest)).toBeLessThan(patienceMs(1000));
      },
      patienceMs(60_000),
    );

    it(
      "each program counts its part",
      async () => {
        expect(sum(await samples("stream-transactions", "Enqueued"))).toBe(1);
        expect(await samples("stream-transactions", "BatchFill")).toEqual([{ value: 1, count: 1 }]);
        expect(sum(await samples("confirmation-worker", "WorkerStarted"))).toBe(1);
        expect(sum(await samples("confirmation-worker", "Confirmed"))).toBe(1);
        expect(
          sum(await samples("confirmation-worker", "AttemptFailed", (line) => line["class"] === "status_5xx")),
        ).toBe(1);
        expect(sum(await samples("confirmation-worker", "Parked", (line) => line["reason"] === "next try"))).toBe(1);
        expect(sum(await samples("confirmation-worker", "ConnectionsOpened"))).toBeGreaterThan(0);
        expect(await samples("confirmation-worker", "WebhookLatency")).toHaveLength(2);
      },
      patienceMs(60_000),
    );

    it("its merchant is told to be in trouble, without the card number that it answered with", async () => {
      const lines = (await linesOf("confirmation-worker")).filter((line) => line["message"] === "merchant in trouble");
      expect(lines).toMatchObject([
        { merchantId: MERCHANT, failedAttempts: 1, parked: 1, exampleTransactionId: "t-1" },
      ]);
      expect(await pipeline.logOf("confirmation-worker")).not.toContain(CARD);
      expect(await pipeline.logOf("confirmation-worker")).toContain("[card number]");
    });

    it("its steps are found by its id and by its trace, in every program that it came through", async () => {
      const steps = async (program: string): Promise<unknown[]> =>
        (await linesOf(program))
          .filter(({ level, transactionId }) => level === "DEBUG" && transactionId === "t-1")
          .map(({ message }) => message);
      expect(await steps("stream-transactions")).toEqual(["enqueued"]);
      expect(await steps("release-due")).toEqual(["released"]);
      expect(await steps("confirmation-worker")).toEqual(["heard", "called", "parked", "heard", "called", "confirmed"]);
      const traced = (await linesOf("confirmation-worker")).filter(({ traceId }) => traceId === ROOT);
      expect(traced).toHaveLength(6);
    });
  });
}
