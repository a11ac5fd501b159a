import { expect, test } from "@jest/globals";
import type { TerminalRow } from "../../../local/demo/evidence.ts";
import { CompletionWatch } from "../../../local/demo/completion-watch.ts";

const row = (state: string): TerminalRow => ({ transactionId: "t", version: 1, state });

function watching(facts: {
  terminal: number;
  inserted: number;
  isInserted?: boolean;
  unsettled?: number;
  rows?: TerminalRow[];
}) {
  const looks = { index: 0, table: 0 };
  const clock = { nowMs: 0 };
  const watch = new CompletionWatch({
    table: {
      unsettled: async () => {
        looks.index += 1;
        return facts.unsettled ?? 0;
      },
      rows: async () => {
        looks.table += 1;
        return facts.rows ?? [row("CONFIRMED"), row("FAILED")];
      },
    },
    counters: async () => ({ confirmed: facts.terminal, failed: 0 }),
    inserted: () => facts.inserted,
    isInserted: () => facts.isInserted ?? true,
    nowMs: () => clock.nowMs,
  });
  return { watch, looks, clock };
}

test("while fewer have settled than were inserted, the table is left alone", async () => {
  const { watch, looks } = watching({ terminal: 9, inserted: 10 });
  expect(await watch.isTerminal()).toBe(false);
  expect(looks).toEqual({ index: 0, table: 0 });
  expect(watch.settled).toBe(9);
});

test("a count that lags does not hide that all are settled: after a while the table is looked at anyway", async () => {
  const { watch, clock } = watching({ terminal: 9, inserted: 10 });
  await watch.isTerminal();
  clock.nowMs += 3000;
  expect(await watch.isTerminal()).toBe(true);
});

test("what is left in the index is not settled, and the rows need no look", async () => {
  const { watch, looks } = watching({ terminal: 12, inserted: 10, unsettled: 2 });
  expect(await watch.isTerminal()).toBe(false);
  expect(looks).toEqual({ index: 1, table: 0 });
  expect(watch.settled).toBe(8);
});

test("an unsettled row that has dropped out of the index is still not settled", async () => {
  const { watch } = watching({ terminal: 10, inserted: 10, rows: [row("CONFIRMED"), row("PENDING")] });
  expect(await watch.isTerminal()).toBe(false);
});

test("nothing is settled as long as it is still inserted", async () => {
  expect(await watching({ terminal: 10, inserted: 10, isInserted: false }).watch.isTerminal()).toBe(false);
});
