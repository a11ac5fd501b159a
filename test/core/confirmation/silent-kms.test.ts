import { describe, expect, it } from "@jest/globals";
import { InFlightMessage } from "../../../core/confirmation/in-flight-message.ts";
import { encodeMessage } from "../../../core/transaction/message.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { orderedGroupIdOf } from "../../../core/transaction/ordering.ts";
import { parseMasterKeys, secretText } from "../../../core/signing/signature.ts";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { BoundedWait } from "../../../core/delivery/bounded-wait.ts";
import { CredentialsOfMerchants } from "../../../core/delivery/credentials.ts";
import { KeyRing } from "../../../core/delivery/key-ring.ts";
import { prepareCall } from "../../../core/delivery/prepare.ts";
import { type Changes, number, text, transactionRow } from "../../support/rows.ts";
import { NO_TOKENS } from "../../support/no-secrets.ts";
import { VISIBILITY_SECONDS, workerHarness } from "../../support/worker-harness.ts";

const WINDOW = 512;
const ENCRYPTED = Buffer.from("sealed");
const silence = async () => new Promise<never>(() => undefined);
const refusal = async () => Promise.reject(new Error("KMSInternalException"));

/**
 * The worker's way with merchants `sealed-…`, whose secret KMS opens as the test says, and others; seconds pass as the
 * test says.
 */
function bench(open: () => Promise<string>, parts: Parameters<typeof workerHarness>[1] = {}) {
  const masterKeys = parseMasterKeys(JSON.stringify({ 1: "k".repeat(32) }));
  const kms = { open };
  const ring: { credentials?: CredentialsOfMerchants } = {};
  const one = workerHarness(undefined, {
    merchants: {
      prepare: (row) =>
        prepareCall(row, {
          merchants: {
            get: (merchantId) => {
              const isSealed = merchantId.startsWith("sealed");
              const merchant = known.get(merchantId) ?? {
                merchantId,
                secretKeyVersion: "1",
                confirmationUrl: `https://${merchantId}.example/`,
                ...(isSealed && { encryptedSecret: ENCRYPTED }),
              };
              known.set(merchantId, merchant);
              return { merchant, keys: isSealed ? undefined : [] };
            },
          },
          guard: new AddressGuard([]),
          deadlineMs: 10_000,
          maxBodyBytes: 100_000,
        }),
      whyResting: (merchant) => (ring.credentials as CredentialsOfMerchants).whyResting(merchant),
      credentialsOf: async (merchant) => (ring.credentials as CredentialsOfMerchants).of(merchant),
    },
    ...parts,
  });
  const known = new Map<string, { merchantId: string; secretKeyVersion: string; confirmationUrl: string }>();
  const { clock } = one;
  const after = (ms: number, callBack: () => void) => clock.plan(clock.now() + ms, callBack);
  const wait = new BoundedWait({ window: WINDOW, after });
  const keys = new KeyRing({
    masterKeys,
    openSecret: async () => kms.open(),
    wait,
    warn: () => undefined,
    now: clock.now,
    elapsedMs: clock.elapsedMs,
  });
  ring.credentials = new CredentialsOfMerchants(keys, NO_TOKENS);
  let sent = 0;
  /** Sends one, receives it and begins to handle it. */
  const begin = async (merchantId: string, changes: Changes = {}) => {
    const transactionId = `${merchantId} ${(sent += 1)}`;
    const row = transactionRow({ transactionId: text(transactionId), merchantId: text(merchantId), ...changes });
    one.table.put(row);
    const body = encodeMessage({ transactionId, version: 1, release: 0 });
    const groupId = orderedGroupIdOf(row) ?? transactionId;
    await one.queue.send([{ body, groupId, deduplicationId: transactionId }]);
    const [message] = await one.queue.receive(VISIBILITY_SECONDS);
    if (message === undefined) throw new Error("the queue gave nothing");
    const held = new InFlightMessage(message, clock.now(), VISIBILITY_SECONDS);
    return { transactionId, ending: one.confirmation.handle(held) };
  };
  return { ...one, kms, wait, begin };
}

describe("while KMS is silent", () => {
  it.each([5, 30])(
    "%i % of 100 messages a second that need it hold a tenth of the window at most, and all others are " +
      "confirmed at once",
    async (percent) => {
      const { clock, table, wait, begin } = bench(silence);
      let held = 0;
      let mostHeld = 0;
      const healthy: string[] = [];
      const sealed: string[] = [];
      for (let tick = 0; tick < 6000; tick += 1) {
        const isSealed = tick % 100 < percent;
        const { transactionId, ending } = await begin(isSealed ? `sealed-${tick % 700}` : `m-${tick % 50}`);
        (isSealed ? sealed : healthy).push(transactionId);
        held += 1;
        void ending.then(() => (held -= 1));
        clock.advance(10);
        if (tick % 10 === 9) {
          await clock.pass(0);
          mostHeld = Math.max(mostHeld, held);
          expect(wait.waiting).toBeLessThanOrEqual(WINDOW / 10);
        }
      }
      await clock.pass(1000);
      expect([mostHeld <= WINDOW / 10, held]).toEqual([true, 0]);
      expect(healthy.filter((id) => table.row(id)["confirmationState"]?.S !== "CONFIRMED")).toEqual([]);
      for (const id of sealed)
        expect(table.row(id)).toMatchObject({
          confirmationState: text("SCHEDULED"),
          waitingFor: text("key unavailable"),
          attemptCount: number(0),
        });
    },
  );
});

describe("while KMS refuses", () => {
  it("a message waits for its merchant without counting as an attempt, and its room is free", async () => {
    const { begin, table, healthTable, bulkhead, metrics, journal } = bench(refusal);
    const { transactionId, ending } = await begin("sealed-1");
    expect(await ending).toBe("completed");
    expect(table.row(transactionId)).toMatchObject({
      dueKey: text("M#sealed-1#0"),
      waitingFor: text("key unavailable"),
      attemptCount: number(0),
    });
    expect([bulkhead.inFlight, healthTable.health("sealed-1").turnedAwayAt > 0]).toEqual([0, true]);
    expect(metrics).toContain(METRICS.waiting);
    expect(journal).not.toContain("call");
  });

  it("the next message of the merchant does not even ask for room", async () => {
    const { begin, bulkhead, healthTable } = bench(refusal);
    await (
      await begin("sealed-1")
    ).ending;
    healthTable.isDown = true;
    bulkhead.tryEnter = () => {
      throw new Error("room was asked for");
    };
    expect(await (await begin("sealed-1")).ending).toBe("completed");
  });

  it("an ordered message stays in its place", async () => {
    const { begin, table, queue } = bench(refusal, { isOrdered: true });
    const { transactionId, ending } = await begin("sealed-1", { orderingKey: text("account-1") });
    expect([await ending, queue.messages.length]).toEqual(["left", 1]);
    expect(table.row(transactionId)).toMatchObject({
      confirmationState: text("PENDING"),
      waitingFor: text("key unavailable"),
      attemptCount: number(0),
    });
  });

  it("what waited goes out once KMS opens it", async () => {
    const { begin, kms, clock, table } = bench(refusal);
    await (
      await begin("sealed-1")
    ).ending;
    kms.open = async () => secretText(Buffer.alloc(32, 5));
    clock.advance(1000);
    const { transactionId, ending } = await begin("sealed-1");
    await ending;
    expect(table.row(transactionId)["confirmationState"]).toEqual(text("CONFIRMED"));
  });
});
