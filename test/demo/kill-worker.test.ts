import { expect, test } from "@jest/globals";
import type { SettledRow } from "../../demo/account.ts";
import type { Delivery } from "../../demo/fleet/ledger.ts";
import { WorkerKiller } from "../../demo/kill-worker.ts";

const LONG_AGO = 1000;

function delivery(index: number, changes: Partial<Delivery> = {}): Delivery {
  return {
    sequence: index,
    merchantId: "m",
    webhookId: `msg_${index}`,
    transactionId: `t-${index}`,
    version: 1,
    verified: true,
    arrivedAtMs: LONG_AGO,
    answeredStatus: 200,
    ...changes,
  };
}

function row(index: number, state: string, version = 1): SettledRow {
  return { transactionId: `t-${index}`, version, state };
}

async function kill(ledger: readonly Delivery[], rows: readonly SettledRow[], confirmed = 100) {
  const looks: string[][] = [];
  const signals: string[] = [];
  const killer = new WorkerKiller({
    worker: { pid: 1, kill: async (signal) => void signals.push(signal) },
    fleet: {
      counts: async () => ({ deliveries: 0, confirmed, unverified: 0 }),
      open: async () => 0,
      ledger: async () => ledger,
    },
    table: {
      rowsOf: async (ids) => {
        looks.push([...ids]);
        return new Map(rows.map((one) => [one.transactionId, one]));
      },
    },
    transactions: 100,
    untilMs: Date.now(),
    isStopped: () => false,
  });
  await killer.run();
  return { report: killer.report, looks, signals };
}

test("the worker is killed several times, with SIGKILL", async () => {
  const { report, signals } = await kill([], []);
  expect(signals).toEqual(["SIGKILL", "SIGKILL", "SIGKILL", "SIGKILL"]);
  expect(report).toEqual({ kills: 4, duplicatesAllowed: 0 });
});

test("what was accepted and not recorded was in flight, once at each kill", async () => {
  const { report } = await kill(
    [delivery(1), delivery(2), delivery(3)],
    [row(1, "CONFIRMED"), row(2, "PENDING"), row(3, "SCHEDULED")],
  );
  expect(report.duplicatesAllowed).toBe(2 * 4);
});

test("nothing else allows a duplicate: refused, unheard, replaced, or begun after the death", async () => {
  const { answeredStatus: _none, ...unheard } = delivery(2);
  const ledger = [
    delivery(1, { answeredStatus: 503 }),
    unheard,
    delivery(3),
    delivery(4, { arrivedAtMs: Number.MAX_SAFE_INTEGER }),
  ];
  const rows = [row(1, "PENDING"), row(2, "PENDING"), row(3, "PENDING", 2), row(4, "PENDING")];
  expect((await kill(ledger, rows)).report.duplicatesAllowed).toBe(0);
});

test("the newest deliveries are looked up first, and what was recorded is not looked up again", async () => {
  const { looks } = await kill(
    [delivery(1), delivery(2), delivery(3)],
    [row(1, "CONFIRMED"), row(2, "CONFIRMED"), row(3, "PENDING")],
  );
  expect(looks).toEqual([["t-3", "t-2", "t-1"], ["t-3"], ["t-3"], ["t-3"]]);
});

test("before enough is confirmed no worker is killed", async () => {
  expect((await kill([], [], 9)).report.kills).toBe(0);
  expect((await kill([], [], 30)).report.kills).toBe(2);
});
