/** Deliveries of a merchant of the sandbox that somebody listens to: the row ends as it would without. */
import { describe, expect, it } from "@jest/globals";
import type { OfferedCopy } from "../../../core/confirmation/copies/copies.ts";
import type { DeliveryCopy } from "../../../core/copies/delivery-copy.ts";
import type { Merchant } from "../../../core/merchant/merchant.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { keysOf } from "../../support/keys.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { type BenchChanges, workerHarness } from "../../support/worker-harness.ts";

const SECRET = Buffer.alloc(32, 7);
const LISTENED: Partial<Merchant> = { environment: "sandbox", listenedUntil: START_MS + 60_000 };
const WITHOUT_URL = { ...LISTENED, confirmationUrl: undefined } as unknown as Partial<Merchant>;
const UNREACHABLE: AttemptOutcome = { kind: "failed", class: "connection", error: "refused" };

async function delivered(
  merchant: Partial<Merchant>,
  answer: AttemptOutcome = { kind: "delivered", status: 200 },
  changes: BenchChanges["merchants"] = {},
) {
  const offers: [string, OfferedCopy][] = [];
  const copies = {
    isListenedTo: (until: number | undefined) => until !== undefined && until > START_MS,
    offer: (merchantId: string, copy: OfferedCopy) => void offers.push([merchantId, copy]),
  };
  const bench = workerHarness(undefined, { merchants: { copies, ...changes } });
  const plain = workerHarness();
  for (const harness of [bench, plain]) {
    harness.table.rows.set("t-1", { ...workerRow });
    harness.answer = () => answer;
  }
  bench.merchant = merchant;
  const { listenedUntil: _none, ...unheard } = merchant;
  plain.merchant = unheard;
  await bench.handle();
  await plain.handle();
  const made: (DeliveryCopy | undefined)[] = [];
  for (const [, copy] of offers) made.push(await copy.make());
  return { copies: made, row: bench.table.rows.get("t-1"), unheard: plain.table.rows.get("t-1"), bench, plain };
}
const workerRow = {
  transactionId: { S: "t-1" },
  version: { N: "1" },
  merchantId: { S: "m-1" },
  outcome: { S: "APPROVED" },
  amount: { S: "12.50" },
  currency: { S: "EUR" },
  occurredAt: { S: "2026-11-22T10:00:00Z" },
};

describe("a delivery that somebody listens to", () => {
  it("is copied with what came of it, and recorded as without a listener", async () => {
    const { copies, row, unheard } = await delivered(LISTENED);
    expect(copies).toEqual([
      {
        at: START_MS,
        transactionId: "t-1",
        version: 1,
        attempt: 1,
        request: {
          url: "https://merchant.example/",
          headers: expect.objectContaining({ host: "merchant.example", "webhook-id": expect.stringMatching(/^msg_/) }),
          hiddenHeaders: [],
          body: expect.stringContaining('"transactionId":"t-1"'),
        },
        result: { outcome: "delivered", status: 200, durationMs: 0 },
      },
    ]);
    expect(row).toEqual(unheard);
    expect(row?.["confirmationState"]).toEqual({ S: "CONFIRMED" });
  });

  it("is copied when it fails, with why, and waits for its next attempt as without", async () => {
    const { copies, row, unheard } = await delivered(LISTENED, UNREACHABLE);
    expect(copies[0]?.result).toEqual({ outcome: "connection", durationMs: 0, error: "refused" });
    expect(row).toEqual(unheard);
  });

  it("is copied as a fault of our own network where it was one", async () => {
    const { copies } = await delivered(LISTENED, UNREACHABLE, { isOursInSandbox: () => true });
    expect(copies[0]?.result.outcome).toBe("egress_fault");
  });

  it.each<[string, Partial<Merchant>]>([
    ["nobody listens to", { environment: "sandbox" }],
    ["somebody listened to until now", { ...LISTENED, listenedUntil: START_MS }],
  ])("of a merchant that %s is not copied", async (_, merchant) => {
    const { copies, row } = await delivered(merchant);
    expect(copies).toEqual([]);
    expect(row?.["confirmationState"]).toEqual({ S: "CONFIRMED" });
  });

  it("that is turned away is none, and not copied", async () => {
    const { copies } = await delivered(LISTENED, undefined, {
      enter: async () => ({ kind: "closed", reason: "paused" }),
    });
    expect(copies).toEqual([]);
  });
});

describe("a transaction that has nowhere to go", () => {
  it("is copied, signed as if it had, and given up as without a listener", async () => {
    const { copies, row, unheard, bench, plain } = await delivered(WITHOUT_URL);
    expect(copies).toEqual([
      {
        at: START_MS,
        transactionId: "t-1",
        version: 1,
        request: {
          headers: expect.not.objectContaining({ host: expect.anything() }),
          hiddenHeaders: [],
          body: expect.stringContaining('"transactionId":"t-1"'),
        },
        result: { outcome: "url_missing", error: expect.stringMatching(/^confirmationUrl: got nothing/) },
      },
    ]);
    expect(row).toEqual(unheard);
    expect(row).not.toHaveProperty("failure.M.unsent");
    expect(row?.["confirmationState"]).toEqual({ S: "FAILED" });
    expect(bench.journal).toEqual(plain.journal);
    expect(bench.journal).not.toContain("call");
  });

  it("is not even made into a webhook where nobody listens", async () => {
    const { copies } = await delivered({ environment: "sandbox", confirmationUrl: undefined } as never);
    expect(copies).toEqual([]);
  });

  it.each([
    ["that KMS opens is signed with it", { kind: "there", keys: keysOf(SECRET) }, 1],
    ["that KMS does not open now is not copied", { kind: "away", reason: "key unavailable", error: "silent" }, 0],
  ] as const)("and a secret of its own %s", async (_, got, copied) => {
    const asked: Merchant[] = [];
    const { copies, row } = await delivered(WITHOUT_URL, undefined, {
      credentialsOf: async (merchant) => {
        asked.push(merchant);
        return got;
      },
      prepare: () => {
        const merchant = {
          merchantId: "m-1",
          secretKeyVersion: "1",
          ...LISTENED,
          connection: { payloadVersion: 2 },
        } as const;
        const unsent = { merchant, keys: undefined, webhook: { id: "msg_1", body: "{}" } } as const;
        return { code: "url_missing", fault: "merchant", reason: "none", unsent };
      },
    });
    expect(copies.filter((copy) => copy !== undefined)).toHaveLength(copied);
    expect(asked[0]).not.toHaveProperty("connection");
    expect(row?.["confirmationState"]).toEqual({ S: "FAILED" });
  });
});
