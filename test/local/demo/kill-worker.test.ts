import { expect, test } from "@jest/globals";
import type { TerminalRow } from "../../../local/demo/evidence.ts";
import type { Delivery } from "../../../local/demo/fleet/ledger.ts";
import { InFlightDeliveries } from "../../../local/demo/in-flight-deliveries.ts";
import { WorkerKiller } from "../../../local/demo/kill-worker.ts";

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
    responseStatus: 200,
    ...changes,
  };
}

function row(index: number, state: string, version = 1): TerminalRow {
  return { transactionId: `t-${index}`, version, state };
}

/** What the fleet has in its books at each of the four kills. */
async function kill(ledgers: readonly (readonly Delivery[])[], rows: readonly TerminalRow[], confirmed = 100) {
  const looks: string[][] = [];
  const signals: string[] = [];
  const killer = new WorkerKiller({
    worker: { pid: 1, kill: async (signal) => void signals.push(signal) },
    fleet: {
      counts: async () => ({ deliveries: 0, confirmed, unverified: 0 }),
      open: async () => 0,
      ledger: async () => ledgers[signals.length - 1] ?? ledgers.at(-1) ?? [],
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
  return { killer, looks, signals };
}

test("the worker is killed several times, with SIGKILL", async () => {
  const { killer, signals } = await kill([[]], []);
  expect(signals).toEqual(["SIGKILL", "SIGKILL", "SIGKILL", "SIGKILL"]);
  expect(killer.kills).toBe(4);
  expect(killer.inFlight).toEqual([]);
});

test("what was accepted and not recorded was in flight", async () => {
  const ledger = [delivery(1), delivery(2), delivery(3)];
  const { killer } = await kill([ledger], [row(1, "CONFIRMED"), row(2, "PENDING"), row(3, "SCHEDULED")]);
  expect(killer.inFlight).toEqual(["msg_3", "msg_2"]);
});

test("each delivery was in flight, also where one webhook was sent again and its attempt not recorded", async () => {
  const ledger = [delivery(1), delivery(2, { webhookId: "msg_1", transactionId: "t-1" })];
  expect((await kill([ledger], [row(1, "PENDING")])).killer.inFlight).toEqual(["msg_1", "msg_1"]);
});

test("a delivery counts at the first death after it only, however long it stays unrecorded", async () => {
  const { killer, looks } = await kill([[delivery(1), delivery(2)]], [row(1, "PENDING"), row(2, "PENDING")]);
  expect(killer.inFlight).toHaveLength(2);
  expect(looks.slice(1)).toEqual([[], [], []]);
});

test("nothing else allows a duplicate: refused, unheard, replaced, or begun after the death", async () => {
  const { responseStatus: _none, ...unheard } = delivery(2);
  const late = delivery(4, { arrivedAtMs: Number.MAX_SAFE_INTEGER });
  const ledger = [delivery(1, { responseStatus: 503 }), unheard, delivery(3), late];
  const rows = [row(1, "PENDING"), row(2, "PENDING"), row(3, "PENDING", 2), row(4, "PENDING")];
  expect((await kill([ledger], rows)).killer.inFlight).toEqual([]);
});

test("what the dead worker had sent counts, though its merchant gets to it later", async () => {
  let asked = 0;
  let arrivedAtMs = Number.MAX_SAFE_INTEGER;
  const ends = new InFlightDeliveries({
    fleet: {
      open: async () => {
        asked += 1;
        if (asked === 3) arrivedAtMs = Date.now();
        return 0;
      },
      ledger: async () => [delivery(1, { arrivedAtMs }), delivery(2, { arrivedAtMs: Number.MAX_SAFE_INTEGER })],
    },
    table: { rowsOf: async () => new Map([1, 2].map((index) => [`t-${index}`, row(index, "PENDING")])) },
    isStopped: () => false,
  });
  expect(await ends.at(Date.now() - 50)).toEqual(["msg_1"]);
});

test("the newest deliveries are looked up first", async () => {
  const { looks } = await kill([[delivery(1), delivery(2), delivery(3)]], []);
  expect(looks[0]).toEqual(["t-3", "t-2", "t-1"]);
});

test("before enough is confirmed no worker is killed", async () => {
  expect((await kill([[]], [], 9)).killer.kills).toBe(0);
  expect((await kill([[]], [], 30)).killer.kills).toBe(2);
});
