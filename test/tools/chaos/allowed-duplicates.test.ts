import { expect, test } from "@jest/globals";
import { AllowedDuplicates } from "../../../tools/chaos/run/allowed-duplicates.ts";
import type { TerminalRow } from "../../../local/demo/evidence.ts";
import { delivery } from "./deliveries.ts";

const rows: readonly TerminalRow[] = [
  { transactionId: "t-1", version: 1, state: "CONFIRMED" },
  { transactionId: "t-2", version: 1, state: "PENDING" },
  { transactionId: "t-3", version: 2, state: "PENDING" },
];
const ledger = [1, 2, 3].map((number) =>
  delivery(number, { transactionId: `t-${number}`, webhookId: `msg_${number}`, arrivedAtMs: 10 }),
);

function allowed() {
  return new AllowedDuplicates({
    fleet: { open: async () => 0, ledger: async () => ledger },
    table: { rowsOf: async () => new Map(rows.map((row) => [row.transactionId, row])) },
    isStopped: () => false,
  });
}

test("a killed worker may cost what was accepted and not recorded, at the version that the row still has", async () => {
  const duplicates = allowed();
  expect(await duplicates.workerEnded(20, true)).toBe(1);
  expect(duplicates.webhookIds).toEqual(["msg_2"]);
});

test("a worker that was asked to stop and could write may cost nothing", async () => {
  const duplicates = allowed();
  expect(await duplicates.workerEnded(20, false)).toBe(1);
  expect(duplicates.webhookIds).toEqual([]);
});

test("what was accepted before an earlier end is not counted again", async () => {
  const duplicates = allowed();
  await duplicates.workerEnded(20, true);
  await duplicates.workerEnded(30, true);
  expect(duplicates.webhookIds).toEqual(["msg_2"]);
});
