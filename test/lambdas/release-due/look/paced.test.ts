import { expect, it } from "@jest/globals";
import { LOOK_SIZES } from "../../../../lambdas/release-due/look/look-scope.ts";
import { releaseDue, type ReleaseParts } from "../../../../lambdas/release-due/look/look.ts";
import { FakeClock, START_MS } from "../../../support/fake-clock.ts";
import { MemoryMerchantHealth } from "../../../support/memory-merchant-health.ts";
import { MemoryQueue } from "../../../support/memory-queue.ts";
import { MemoryTable } from "../../../support/memory-table.ts";
import { number, text, transactionRow } from "../../../support/rows.ts";
import { NO_SANDBOX, SANDBOX_LIMITS } from "../../../support/no-sandbox.ts";

const EVERY_MS = 5000;
const PACED_MS = 4000;
const WAITING = 400;
const PARKED = 200;
const ROWS_AT_ONCE = 80;

it("lets what waits for merchants go over most of the time to the next look, what is due at once", async () => {
  const clock = new FakeClock();
  const [table, healthTable] = [new MemoryTable(), new MemoryMerchantHealth()];
  const confirmations = new MemoryQueue(clock.now);
  const scheduled = { confirmationState: text("SCHEDULED"), stateVersion: number(1) };
  const put = (id: string, dueKey: string, dueAt: number) =>
    table.put(transactionRow({ transactionId: text(id), dueKey: text(dueKey), dueAt: number(dueAt), ...scheduled }));
  for (let row = 0; row < WAITING; row += 1) put(`m-${row}`, "M#m-1#0", START_MS + 900_000);
  for (let row = 0; row < PARKED; row += 1) put(`t-${row}`, "T#0", START_MS - 1);
  await healthTable.markWaiting("m-1", false, START_MS);
  healthTable.put("m-1", { releaseRate: WAITING, releasedAt: START_MS - EVERY_MS });
  const at: Readonly<Record<"m" | "t", number[]>> = { m: [], t: [] };
  const parts: ReleaseParts = {
    table,
    healthTable,
    confirmations: {
      send: async (messages) => {
        for (const { body } of messages) at[/"transactionId":"([mt])/.exec(body)?.[1] as "m" | "t"].push(clock.now());
        return confirmations.send(messages);
      },
    },
    ordered: confirmations,
    deadLetters: confirmations,
    dueIds: table.dueIds,
    goneBefore: async () => START_MS,
    goneBeforeOrdered: async () => START_MS,
    order: "transaction",
    waitingMerchants: () => healthTable.waiting(),
    merchants: { read: async () => ({ rows: new Map(), unread: new Set() }) },
    dueShards: 1,
    merchantShards: 1,
    sandbox: SANDBOX_LIMITS,
    sandboxMerchants: NO_SANDBOX,
    maxReleaseRate: 2000,
    maxOpenMs: 300_000,
    everyMs: EVERY_MS,
    leaseMs: 900_000,
    maxUnheard: 3,
    settledDays: 90,
    sizes: { ...LOOK_SIZES, rowsATurn: 10 },
    pace: async () => clock.advance(1),
    traces: { send: () => undefined },
    count: () => undefined,
    countReason: () => undefined,
    debug: () => undefined,
    warn: () => undefined,
    now: clock.now,
  };

  const { released } = await releaseDue(parts, true);

  expect(released).toBe(WAITING + PARKED);
  expect(Math.max(...at.t)).toBeLessThan(START_MS + PACED_MS / 2);
  const allowed = (sentAt: number) => ((sentAt - START_MS) / PACED_MS) * WAITING + ROWS_AT_ONCE;
  expect(at.m.filter((sentAt, index) => index + 1 > allowed(sentAt))).toEqual([]);
  expect(at.m.at(-1)).toBeGreaterThan(START_MS + PACED_MS / 2);
});
