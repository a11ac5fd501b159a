import { expect, test } from "@jest/globals";
import type { TerminalRow } from "../../../local/demo/evidence.ts";
import { CompletionWatch } from "../../../local/demo/completion-watch.ts";

const row = (state: string): TerminalRow => ({ transactionId: "t", version: 1, state });

function watching(facts: {
  terminal: number;
  inserted: number;
  isInserted?: boolean;
  pending?: number;
  rows?: TerminalRow[];
}) {
  const looks = { index: 0, table: 0 };
  const clock = { nowMs: 0 };
  const watch = new CompletionWatch({
    table: {
      withoutOutcome: async () => {
        looks.index += 1;
        return facts.pending ?? 0;
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

test("while fewer have an outcome than were inserted, the table is left alone", async () => {
  const { watch, looks } = watching({ terminal: 9, inserted: 10 });
  expect(await watch.isTerminal()).toBe(false);
  expect(looks).toEqual({ index: 0, table: 0 });
  expect(watch.terminal).toBe(9);
});

test("a count that lags does not hide the end: after a while the table is looked at anyway", async () => {
  const { watch, clock } = watching({ terminal: 9, inserted: 10 });
  await watch.isTerminal();
  clock.nowMs += 3000;
  expect(await watch.isTerminal()).toBe(true);
});

test("what is left in the index has no outcome, and the rows need no look", async () => {
  const { watch, looks } = watching({ terminal: 12, inserted: 10, pending: 2 });
  expect(await watch.isTerminal()).toBe(false);
  expect(looks).toEqual({ index: 1, table: 0 });
  expect(watch.terminal).toBe(8);
});

test("a pending row that has dropped out of the index still has no outcome", async () => {
  const { watch } = watching({ terminal: 10, inserted: 10, rows: [row("CONFIRMED"), row("PENDING")] });
  expect(await watch.isTerminal()).toBe(false);
});

test("nothing has an outcome as long as it is still inserted", async () => {
  expect(await watching({ terminal: 10, inserted: 10, isInserted: false }).watch.isTerminal()).toBe(false);
});
