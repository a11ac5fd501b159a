import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isGoneAfter, type KnownTransaction, withEvent } from "../../../core/events/consume.ts";
import { resyncEvent, snapshotEvent, transactionEvent } from "../../../core/events/envelope.ts";
import type { ResyncEvent, TransactionEvent, TransactionState } from "../../../core/events/event-types.ts";
import { transactionStep } from "../../../core/events/transaction-events.ts";
import { transactionState } from "../../../core/events/transaction-state.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { number, text, transactionRow } from "../../support/rows.ts";

/** The resync is asked for, what is recorded since has events, and only after a while are rows read. */
const ASKED_AT = 1_000_000;
const SINCE = ASKED_AT + 5000;
const READS_FROM = SINCE + 5000;
/** Milliseconds by which the stream's times may be wrong, and go backwards. */
const SKEW_MS = 2000;
const source = "/pipelines/default";
const resync = { resyncId: "resync-1", since: SINCE };

const rows: readonly (AttributeMap | undefined)[] = [
  transactionRow(),
  transactionRow({ confirmationState: text("SCHEDULED"), stateVersion: number(1), attemptCount: number(1) }),
  transactionRow({ confirmationState: text("PENDING"), stateVersion: number(1), releaseNumber: number(1) }),
  transactionRow({ confirmationState: text("CONFIRMED"), stateVersion: number(1) }),
  transactionRow({ confirmationState: text("FAILED"), stateVersion: number(1) }),
  transactionRow({ version: number(2), confirmationState: text("CONFIRMED"), stateVersion: number(1) }),
  undefined,
];

interface Write {
  readonly row: AttributeMap | undefined;
  readonly at: number;
  readonly skewMs: number;
}

const history = fc
  .array(
    fc.record({
      row: fc.constantFrom(...rows),
      at: fc.integer({ min: 900_000, max: 1_030_000 }),
      skewMs: fc.integer({ min: -SKEW_MS, max: SKEW_MS }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((writes): Write[] => writes.toSorted((one, other) => one.at - other.at));

/** As the stream and the function tell them. */
function eventsOf(writes: readonly Write[]): { readonly at: number; readonly event: TransactionEvent }[] {
  let oldImage: AttributeMap | undefined;
  return writes.flatMap(({ row, at, skewMs }, index) => {
    const step = transactionStep({ oldImage, newImage: row });
    oldImage = row;
    if (step === undefined) return [];
    const place = {
      eventId: `event-${index}`,
      sequenceNumber: String(4_000_000_000 + index),
      writtenAt: Math.floor((at + skewMs) / 1000) * 1000,
    };
    return [{ at, event: transactionEvent(step, place, source).event as TransactionEvent }];
  });
}

function stateAt(writes: readonly Write[], at: number): TransactionState | undefined {
  const row = writes.findLast((write) => write.at <= at)?.row;
  return row && transactionState(row);
}

function consumed(events: readonly TransactionEvent[]): KnownTransaction | undefined {
  return events.reduce((known: KnownTransaction | undefined, event) => withEvent(known, event), undefined);
}

/** Some of them twice, all in any order. */
const doubledAndShuffled = (events: readonly TransactionEvent[]) =>
  fc.subarray([...events]).chain((doubled) =>
    fc.shuffledSubarray([...events, ...doubled], {
      minLength: events.length + doubled.length,
      maxLength: events.length + doubled.length,
    }),
  );

describe("a consumer of events", () => {
  it("has the state of the row after doubled events in any order", () => {
    fc.assert(
      fc.property(
        history.chain((writes) =>
          doubledAndShuffled(eventsOf(writes).map(({ event }) => event)).map((events) => ({ writes, events })),
        ),
        ({ writes, events }) => {
          expect(consumed(events)?.state).toEqual(stateAt(writes, Number.POSITIVE_INFINITY));
        },
      ),
    );
  });

  it("has it too when it lost any of what was recorded before it asked for a resync", () => {
    fc.assert(
      fc.property(
        fc
          .record({
            writes: history,
            lost: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
            readAt: fc.integer({ min: READS_FROM, max: READS_FROM + 20_000 }),
            readAgainAt: fc.option(fc.integer({ min: READS_FROM, max: READS_FROM + 20_000 }), { nil: undefined }),
          })
          .chain((given) => {
            const heard = eventsOf(given.writes).filter(
              ({ at }, index) => at >= ASKED_AT || given.lost[index] === false,
            );
            const reads = [given.readAt, given.readAgainAt].filter((at) => at !== undefined);
            const snapshots = reads.flatMap((at) => {
              const state = stateAt(given.writes, at);
              return state === undefined ? [] : [snapshotEvent(state, resync, source).event as TransactionEvent];
            });
            return doubledAndShuffled([...heard.map(({ event }) => event), ...snapshots]).map((events) => ({
              ...given,
              events,
            }));
          }),
        ({ writes, events }) => {
          const known = consumed(events);
          const { event } = resyncEvent({ resyncId: "resync-1", transactions: 1 }, resync, source);
          const isGone = known !== undefined && isGoneAfter(known, event as ResyncEvent);
          expect(isGone ? undefined : known?.state).toEqual(stateAt(writes, Number.POSITIVE_INFINITY));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("forgets nobody else's transactions after a resync of one merchant", () => {
    const known = consumed(eventsOf([{ row: transactionRow(), at: 0, skewMs: 0 }]).map(({ event }) => event));
    if (known === undefined) throw new Error("nothing known");
    const isGone = (of: object) => {
      const { event, attributes } = resyncEvent({ resyncId: "resync-1", transactions: 0, ...of }, resync, source);
      return [isGoneAfter(known, event as ResyncEvent), attributes["merchantId"]];
    };
    expect(isGone({ merchantId: "m-2" })).toEqual([false, "m-2"]);
    expect(isGone({ merchantId: "m-1" })).toEqual([true, "m-1"]);
    expect(isGone({})).toEqual([true, undefined]);
    const { merchantId: _, ...nobodys } = known.state ?? ({} as TransactionState);
    const { event } = resyncEvent({ resyncId: "resync-1", transactions: 0, merchantId: "m-2" }, resync, source);
    expect(isGoneAfter({ ...known, state: nobodys }, event as ResyncEvent)).toBe(false);
  });

  it("is told that a row is gone", () => {
    const [accepted, removed] = eventsOf([
      { row: transactionRow(), at: 0, skewMs: 0 },
      { row: undefined, at: 1, skewMs: 0 },
    ]).map(({ event }) => event);
    expect(consumed([removed as TransactionEvent, accepted as TransactionEvent])?.state).toBeUndefined();
  });
});
