/**
 * The protocol of states and generations as a whole, under random interleavings, crashes, outages, repeated and raised
 * versions.
 */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { rowStateOf } from "../../../core/transaction/row/row-state.ts";
import { versionOf } from "../../../core/transaction/transaction.ts";
import { ProtocolModel } from "../../support/protocol-model.ts";
import { stepsOf } from "../../support/steps.ts";
import { LEASE_MS } from "../../support/protocol-surroundings.ts";

const IDS = ["a", "b"];
const RUNS = 100;
/** Rounds without faults after which everything must be terminal. */
const MAX_ROUNDS_TO_COMPLETE = 40;

/** Ordering keys by transaction. */
type Keys = Readonly<Record<string, string>>;
type Act = (model: ProtocolModel) => Promise<unknown> | undefined;
interface Round {
  readonly acts: readonly Act[];
  readonly isTableDown: boolean;
  readonly isQueueDown: boolean;
  readonly isMerchantUp: boolean;
  readonly advanceMs: number;
}

const KEYS: Keys = { "k-1": "k", "k-2": "k", "k-3": "k", "l-1": "l" };
const anyOf = (...ids: readonly string[]) => fc.constantFrom(...ids);
const id = anyOf(...IDS);
const often = fc.constantFrom<Act>(
  (model) => model.stream(),
  (model) => model.tasks[0]?.work(),
  (model) => model.tasks[1]?.work(),
  (model) => model.look(),
);
const raise = (isCooperative: boolean, raised = id): fc.Arbitrary<Act> =>
  fc.tuple(raised, fc.boolean()).map(
    ([name, isPut]) =>
      (model) =>
        model.step("test", "raise", () => model.raise(name, isCooperative, isPut)),
  );
const repeat = (isCooperative: boolean): fc.Arbitrary<Act> =>
  id.map((name) => (model) => model.step("test", "repeat", () => model.repeat(name, isCooperative)));
const pause = fc.boolean().map(
  (isPaused): Act =>
    (model) =>
      model.step("test", "pause", () => model.pause(isPaused)),
);
const redrive = fc.constant<Act>((model) => model.step("test", "redrive", () => model.redrive()));
const crash = fc.nat(1).map(
  (index): Act =>
    (model) =>
      model.step("test", "crash", () => model.tasks[index]?.crash()),
);
const lose = fc.constant<Act>((model) => model.step("test", "lose the stream", () => model.loseStream()));
const rarely = fc.integer({ min: 0, max: 5 }).map((value) => value === 0);

function rounds(acts: fc.Arbitrary<Act>, outage: fc.Arbitrary<boolean>): fc.Arbitrary<Round[]> {
  const round = fc.record({
    acts: fc.array(acts, { minLength: 2, maxLength: 8 }),
    isTableDown: outage,
    isQueueDown: outage,
    isMerchantUp: fc.boolean(),
    advanceMs: fc.constantFrom(0, 1000, 11_000, 61_000, 310_000, LEASE_MS + 1),
  });
  return fc.array(round, { minLength: 3, maxLength: 14 });
}

async function play(
  scheduler: fc.Scheduler,
  played: readonly Round[],
  keys: Keys,
  afters: Keys = {},
  order: readonly number[] = [],
): Promise<ProtocolModel> {
  const model = new ProtocolModel(stepsOf(scheduler), keys, afters);
  for (const name of [...IDS, ...Object.keys(keys)]) model.raise(name, true, true);
  model.shuffleStream(order);
  for (const round of played) {
    model.table.isDown = round.isTableDown;
    model.confirmations.isDown = round.isQueueDown;
    model.ordered.isDown = round.isQueueDown;
    model.isMerchantUp = round.isMerchantUp;
    await scheduler.waitFor(Promise.all(round.acts.map(async (act) => act(model))));
    model.clock.advance(round.advanceMs);
  }
  await settle(scheduler, model);
  return model;
}

/** The faults stop: everything that is owed must come to its end. */
async function settle(scheduler: fc.Scheduler, model: ProtocolModel): Promise<void> {
  model.table.isDown = false;
  model.confirmations.isDown = false;
  model.ordered.isDown = false;
  model.isMerchantUp = true;
  model.pause(false);
  for (let round = 0; round < MAX_ROUNDS_TO_COMPLETE; round += 1) {
    while (!model.isStreamRead) await scheduler.waitFor(model.stream());
    while ((await scheduler.waitFor(model.tasks[0]?.work() ?? Promise.resolve(0))) > 0);
    await scheduler.waitFor(model.look());
    // A terminal row that its producer put into the index leaves it when it is due there.
    const isIndexEmpty = [...model.table.rows.values()].every((row) => row["dueKey"] === undefined);
    const left = model.confirmations.messages.length + model.ordered.messages.length;
    if (isIndexEmpty && model.owed.length === 0 && model.isStreamRead && left === 0) return;
    model.clock.advance(LEASE_MS / 2);
  }
}

function expectTerminal(model: ProtocolModel): void {
  expect(model.owed).toEqual([]);
  for (const row of model.table.rows.values()) {
    const [name, version] = [row["transactionId"]?.S ?? "", versionOf(row)];
    const state = rowStateOf(row).state;
    const letters = model.deadLetters.accepted.map(
      ({ body }) => JSON.parse(body) as { transactionId: string; version: number },
    );
    if (state === "CONFIRMED") expect(model.deliveries).toContainEqual(expect.objectContaining({ id: name, version }));
    else expect(letters).toContainEqual(expect.objectContaining({ transactionId: name, version, deadLettered: true }));
    expect(row).toHaveProperty("purgeAt");
    expect(row).not.toHaveProperty("dueKey");
  }
}

function expectInOrder(model: ProtocolModel): void {
  for (const name of [...IDS, ...Object.keys(KEYS)]) {
    const versions = model.deliveries.filter((delivery) => delivery.id === name).map(({ version }) => version);
    expect(versions).toEqual(versions.toSorted((one, other) => one - other));
  }
}

/** No write of ours takes a row out of CONFIRMED; only a producer's put of the whole row does. */
function expectNeverReopened(model: ProtocolModel): void {
  for (const { oldImage, newImage } of model.table.changes) {
    if (oldImage === undefined || rowStateOf(oldImage).state !== "CONFIRMED") continue;
    if (newImage["version"]?.N !== oldImage["version"]?.N || newImage["confirmationState"] === undefined) continue;
    expect(rowStateOf(newImage).state).toBe("CONFIRMED");
  }
}

async function check(
  acts: fc.Arbitrary<Act>,
  outage: fc.Arbitrary<boolean>,
  assess: (model: ProtocolModel) => void,
  keys: Keys = {},
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), rounds(acts, outage), async (scheduler, played) =>
      assess(await play(scheduler, played, keys)),
    ),
    { numRuns: RUNS, endOnFailure: true },
  );
}

const mostly = (...others: fc.Arbitrary<Act>[]): fc.Arbitrary<Act> =>
  fc.oneof({ weight: 6, arbitrary: often }, ...others.map((arbitrary) => ({ weight: 1, arbitrary })));

describe("the protocol of states and generations", () => {
  it("settles every row, in order, whatever crashes and whatever is down", async () => {
    await check(mostly(raise(true), raise(false), crash, redrive, pause), rarely, (model) => {
      expectTerminal(model);
      expectInOrder(model);
      expectNeverReopened(model);
    });
  });

  it("settles every row, in order, though producers repeat versions and wipe what we know", async () => {
    await check(mostly(raise(true), raise(false), repeat(true), repeat(false), crash), rarely, (model) => {
      expectTerminal(model);
      expectInOrder(model);
      expectNeverReopened(model);
    });
  });

  it("settles every row of cooperative producers though the stream loses records", async () => {
    await check(mostly(raise(true), repeat(true), lose, crash), rarely, (model) => {
      expectTerminal(model);
      expectInOrder(model);
    });
  });

  it("completes every row of an ordering key in the order of its queue, whatever crashes or is down", async () => {
    const ordered = anyOf(...Object.keys(KEYS));
    const acts = mostly(raise(true, ordered), raise(false, ordered), raise(true), crash, redrive, pause);
    await check(
      acts,
      rarely,
      (model) => {
        expectTerminal(model);
        expectInOrder(model);
        expect(model.outOfTurn).toEqual([]);
      },
      KEYS,
    );
  });

  it("delivers none before the one that it names is terminal, in whatever order the stream hands them on", async () => {
    const afters = { "k-2": "k-1", "k-3": "k-2" };
    const shuffles = fc.array(fc.nat(20), { minLength: 6, maxLength: 6 });
    const acts = mostly(raise(false, anyOf("k-3")), raise(true), crash, redrive, pause);
    const property = fc.asyncProperty(
      fc.scheduler(),
      shuffles,
      rounds(acts, rarely),
      async (scheduler, order, played) => {
        const model = await play(scheduler, played, KEYS, afters, order);
        expectTerminal(model);
        expectInOrder(model);
        expect(model.outOfTurn).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
  });

  it("delivers each version at most once while nothing crashes", async () => {
    await check(mostly(raise(true), raise(false), redrive, pause), fc.constant(false), (model) => {
      expectTerminal(model);
      const seen = model.deliveries.map((delivery) => JSON.stringify(delivery));
      expect(seen).toEqual([...new Set(seen)]);
    });
  });
});
