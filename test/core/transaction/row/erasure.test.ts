import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { lineOf } from "../../../../core/audit/manifest.ts";
import { changedFields, acceptedOf } from "../../../../core/transaction/accepted.ts";
import type { AttributeMap, AttributeValue } from "../../../../core/transaction/attribute-value.ts";
import { contentChangeOf } from "../../../../core/transaction/content-change.ts";
import { judge } from "../../../../core/transaction/judge-message.ts";
import { payloadDigest } from "../../../../core/transaction/payload-digest.ts";
import { ATTRIBUTE_NAMES } from "../../../../core/transaction/row/attributes.ts";
import { confirmedByOf, isPinnedLive } from "../../../../core/transaction/row/confirmed-by.ts";
import { elsewhereOf } from "../../../../core/transaction/row/elsewhere.ts";
import { erasedAtOf, isErased } from "../../../../core/transaction/row/erased.ts";
import { erasureOf, firstErasureOf, whyNotErasable } from "../../../../core/transaction/row/erasure.ts";
import { rightFailedListing } from "../../../../core/transaction/row/failed-listing.ts";
import { whyNotMarkable } from "../../../../core/transaction/row/redelivery.ts";
import { highestVersionOf, rowStateOf, stateOf } from "../../../../core/transaction/row/row-state.ts";
import { missingMerchantKey } from "../../../../core/merchant/merchant-listing.ts";

const NOW = 1_800_000_000_000;
const SECRET = "Jane Roe";
const text = (S: string): AttributeValue => ({ S });
const number = (value: number): AttributeValue => ({ N: String(value) });
const PAYLOAD: AttributeMap = {
  name: text(SECRET),
  address: { M: { street: text(SECRET) } },
  phones: { SS: [SECRET] },
};

/** With something of her wherever somebody may have put it. */
const CONFIRMED: AttributeMap = {
  transactionId: text("t-1"),
  version: number(1),
  merchantId: text("acme"),
  outcome: text("APPROVED"),
  amount: text("12.50"),
  currency: text("EUR"),
  occurredAt: text("2026-11-22T10:00:00Z"),
  confirmationUrl: text(`https://acme.example/${SECRET}`),
  orderingKey: text(SECRET),
  orderingAfter: text(SECRET),
  deliverBy: text("2026-11-23T10:00:00Z"),
  campaign: text(SECRET),
  payload: { M: PAYLOAD },
  traceHeader: text(`Root=1-5759e988-bd862e3fe1be46a994272793;x=${SECRET}`),
  [SECRET]: text("of a name of its own"),
  note: { L: [text(SECRET)] },
  confirmationState: text("CONFIRMED"),
  stateVersion: number(1),
  merchantKey: text("acme#2026-11-22#0"),
  releaseNumber: number(2),
  attemptCount: number(2),
  settledAt: number(NOW - 5000),
  purgeAt: number(1_900_000_000),
  sampledTrace: text(SECRET),
  waitingFor: text(SECRET),
  intake: { M: { digest: text("d-1"), at: number(5), by: text("shop"), note: text(SECRET) } },
  accepted: {
    M: {
      version: number(1),
      merchantId: text("acme"),
      outcome: text("APPROVED"),
      amount: text("12.50"),
      currency: text("EUR"),
      occurredAt: text("2026-11-22T10:00:00Z"),
      payloadDigest: text(payloadDigest(PAYLOAD)),
      digestVersion: number(1),
    },
  },
  attempts: {
    L: [
      {
        M: {
          at: number(1),
          durationMs: number(2),
          outcome: text("status_5xx"),
          status: number(500),
          error: text(SECRET),
          answer: text(SECRET),
          channel: text("mail"),
          intentId: text("dC0x-1-abc"),
        },
      },
    ],
  },
  acknowledged: { M: { version: number(1), at: number(3), by: text("callback"), note: text(SECRET) } },
  redelivery: {
    M: {
      jobId: text("j-1"),
      version: number(1),
      generation: number(1),
      markedAt: number(4),
      result: text("status_5xx"),
      error: text(SECRET),
    },
  },
  steps: {
    M: {
      version: number(1),
      plan: text("all"),
      revision: number(3),
      done: {
        L: [
          {
            M: {
              channel: text("mail"),
              result: text("delivered"),
              at: number(5),
              attempts: number(1),
              why: text(SECRET),
              messageId: text(SECRET),
              response: text(SECRET),
            },
          },
        ],
      },
      current: {
        M: {
          channel: text("sms"),
          why: text(SECRET),
          from: number(1),
          intent: { M: { id: text("i"), at: number(1), isSent: { BOOL: true } } },
          keptSince: number(6),
          result: { M: { kind: text("failed"), class: text("recipient"), error: text(SECRET) } },
        },
      },
      passedOver: {
        L: [{ M: { channel: text("post"), until: number(7), attempts: number(1), why: text(SECRET) } }],
      },
    },
  },
  saidElsewhere: { M: { version: number(1), at: number(8), notedAt: number(9), by: text("cron"), note: text(SECRET) } },
  pinnedMode: { M: { version: number(1), mode: text("live"), note: text(SECRET) } },
};
const SHADOWED: AttributeMap = {
  ...CONFIRMED,
  confirmedBy: {
    M: {
      version: number(1),
      by: text("shadow"),
      bodyDigest: text("1Z-_"),
      unsent: text("url unverified"),
      reason: text(SECRET),
      mirror: { M: { result: text("status_5xx"), at: number(4), status: number(500), error: text(SECRET) } },
    },
  },
};
const FAILED: AttributeMap = {
  ...CONFIRMED,
  confirmationState: text("FAILED"),
  failure: { M: { code: text("attempts_exhausted"), fault: text("merchant"), reason: text(SECRET) } },
  failedKey: text("acme#0"),
  failedAt: text("attempts_exhausted#2026-11-22T10:00:00.000Z"),
};

/** One with all that the pipeline writes; whoever adds an attribute says what becomes of it. */
const WHOLE: AttributeMap = {
  ...SHADOWED,
  ...FAILED,
  highestVersion: number(1),
  unheardReleases: number(1),
  auditedVersion: number(1),
  dueKey: text("p#0"),
  dueAt: number(1),
  giveUpAt: number(1),
  nextTryAt: number(1),
  committedAt: number(1),
  restoredBy: { M: { jobId: text("j-1"), version: number(1), at: number(1), as: text("stream"), note: text(SECRET) } },
};
/** Of what is on its way; nothing that is over has them. */
const OF_WAITING = ["dueKey", "dueAt", "giveUpAt", "nextTryAt", "waitingFor", "sampledTrace"];

function erased(row: AttributeMap, { set, remove }: { set: AttributeMap; remove: readonly string[] }): AttributeMap {
  const kept = Object.entries(row).filter(([name]) => !remove.includes(name));
  return { ...Object.fromEntries(kept), ...set };
}

const once = (row: AttributeMap): AttributeMap => erased(row, firstErasureOf(row, NOW));

describe("an erased row", () => {
  it("keeps of each attribute of ours what is nobody's text", () => {
    const after = once(WHOLE);
    expect(Object.keys(WHOLE)).toEqual(expect.arrayContaining([...ATTRIBUTE_NAMES]));
    expect(ATTRIBUTE_NAMES.filter((name) => after[name] === undefined)).toEqual(OF_WAITING);
    expect(JSON.stringify(after)).not.toContain(SECRET);
    expect(after["restoredBy"]).toEqual({
      M: { jobId: text("j-1"), version: number(1), at: number(1), as: text("stream") },
    });
  });

  it.each([
    ["CONFIRMED", CONFIRMED],
    ["CONFIRMED", SHADOWED],
    ["FAILED", FAILED],
  ])("has nothing of anybody, and is what it was: %s", (state, row) => {
    const after = once(row);
    expect(JSON.stringify(after)).not.toContain(SECRET);
    expect(stateOf(after)).toBe(state);
    expect(lineOf(after)).toEqual(lineOf(row));
    expect(acceptedOf(after)).toEqual(acceptedOf(row));
    expect(rightFailedListing(after, 1)).toEqual(rightFailedListing(row, 1));
    expect(missingMerchantKey(after, 1)).toEqual(missingMerchantKey(row, 1));
    expect([contentChangeOf(after), isErased(after), erasedAtOf(after)]).toEqual([undefined, true, NOW]);
    expect(after["intake"]).toEqual({ M: { digest: text("d-1"), at: number(5), by: text("shop") } });
  });

  it("keeps what was done, and why it failed in our words", () => {
    const { attempts, attemptCount, steps } = rowStateOf(once(CONFIRMED));
    expect([attemptCount, attempts]).toEqual([
      2,
      [
        {
          at: 1,
          durationMs: 2,
          outcome: "status_5xx",
          status: 500,
          channel: "mail",
          intentId: "dC0x-1-abc",
        },
      ],
    ]);
    expect(steps?.done).toEqual([{ channel: "mail", result: "delivered", at: 5, attempts: 1 }]);
    expect(once(FAILED)["failure"]?.M).toEqual({
      code: text("attempts_exhausted"),
      fault: text("merchant"),
      reason: text("The reason was erased with what the transaction said."),
    });
  });

  it("has nothing left to erase, and what comes to it later goes again", () => {
    const after = once(CONFIRMED);
    expect(erasureOf(after)).toBeUndefined();
    const late = { ...after, payload: { M: PAYLOAD }, attempts: CONFIRMED["attempts"] as AttributeValue };
    const again = erasureOf(late);
    expect(again).toEqual({ set: { attempts: after["attempts"] }, remove: ["payload"] });
    expect(erased(late, again ?? { set: {}, remove: [] })).toEqual(after);
  });

  it("of what an old system confirmed keeps that it did, and what would have been sent by its digest", () => {
    const after = once(SHADOWED);
    const mirror = { result: "status_5xx", at: 4, status: 500 };
    const by = { version: 1, by: "shadow", bodyDigest: "1Z-_", unsent: "url unverified", mirror };
    expect([confirmedByOf(after), elsewhereOf(after)]).toEqual([by, { version: 1, at: 8, notedAt: 9, by: "cron" }]);
    expect([isPinnedLive(after, 1), rowStateOf(after).steps?.current?.keptSince]).toEqual([true, 6]);
    expect(rowStateOf(after).steps?.passedOver).toEqual([{ channel: "post", until: 7, why: "", attempts: 1 }]);
    const sentence = { M: { ...SHADOWED["confirmedBy"]?.M, unsent: text(`for ${SECRET}`) } };
    expect(confirmedByOf(once({ ...SHADOWED, confirmedBy: sentence }))).not.toHaveProperty("unsent");
  });

  it("is not what a higher version says, unless its producer wrote so without a version", () => {
    const raised = { ...once(CONFIRMED), version: number(2) };
    expect([isErased(raised), erasedAtOf(raised)]).toEqual([false, undefined]);
    const byProducer = { ...CONFIRMED, erasedAt: text("yesterday") };
    expect([isErased(byProducer), erasedAtOf(byProducer)]).toEqual([true, undefined]);
    expect(erasedAtOf(once(byProducer))).toBe(NOW);
  });

  it("is marked by no job, and opened by no dead letter of it, whichever program gets one", () => {
    const mark = { jobId: "j-2", generation: 1 };
    for (const row of [CONFIRMED, SHADOWED, FAILED]) expect(whyNotMarkable(once(row), mark)).toBe("past_mending");
    const after = once(FAILED);
    const letter = { transactionId: "t-1", version: 1, release: 2, deadLettered: true } as const;
    expect(judge(letter, FAILED)).toEqual({ kind: "reopen" });
    expect(judge(letter, after)).toEqual({ kind: "discard", reason: "released again" });
    expect(judge({ ...letter, release: 3 }, after)).toEqual({ kind: "discard", reason: "failed" });
    // One that knows no erasure takes the version for lowered, once its job has marked it.
    expect(highestVersionOf(after)).toBe(2);
    expect(highestVersionOf(once(CONFIRMED))).toBe(1);
  });

  it("keeps nothing that is of another form than it should be", () => {
    const wild: AttributeMap = {
      ...FAILED,
      outcome: text(`of ${SECRET}`),
      amount: number(5),
      currency: text(SECRET),
      occurredAt: text(SECRET),
      attemptCount: text(SECRET),
      settledAt: text(SECRET),
      attempts: { M: { at: text(SECRET) } },
      failure: { M: { code: text(SECRET), fault: text(SECRET), reason: text(SECRET) } },
      accepted: text(SECRET),
      releaseNumber: text(SECRET),
      highestVersion: text(SECRET),
      erasedAt: text(SECRET),
    };
    const { set, remove } = firstErasureOf(wild, NOW);
    expect(remove.filter((name) => name in set)).toEqual([]);
    const after = once(wild);
    expect(JSON.stringify(after)).not.toContain(SECRET);
    expect([stateOf(after), lineOf(after)]).toEqual(["FAILED", lineOf(wild)]);
  });

  it("of a version that nobody can read is erased too", () => {
    const { stateVersion: _, ...row }: AttributeMap = { ...FAILED, version: text(SECRET) };
    const after = once(row);
    expect(JSON.stringify(after)).not.toContain(SECRET);
    expect([stateOf(after), erasedAtOf(after), lineOf(after).version]).toEqual(["FAILED", NOW, null]);
  });
});

describe("a row is not erased", () => {
  const pending = { ...CONFIRMED, confirmationState: text("PENDING"), steps: text("none") };
  const scheduled = { ...pending, confirmationState: text("SCHEDULED") };
  const owed = { M: { jobId: text("j-1"), version: number(1), generation: number(1), markedAt: number(4) } };
  it.each([
    ["that is on its way", pending, "unfinished"],
    ["that nobody has taken yet", { transactionId: text("t-1"), version: number(1) }, "unfinished"],
    ["that waits for its time", scheduled, "unfinished"],
    ["whose state is of an older version", { ...CONFIRMED, version: number(2) }, "unfinished"],
    [
      "that its merchant is to acknowledge",
      { ...scheduled, waitingFor: text("acknowledgement") },
      "acknowledgement_pending",
    ],
    ["whose channels are not over", { ...CONFIRMED, confirmationState: text("SCHEDULED") }, "channels_open"],
    [
      "that a person has to decide about",
      { ...FAILED, failure: { M: { code: text("restore_undecided"), fault: text("pipeline"), reason: text("why") } } },
      "restore_undecided",
    ],
    ["that a job sends again", { ...CONFIRMED, redelivery: owed }, "redelivery_pending"],
    [
      "that a job opens again",
      { ...FAILED, redelivery: { M: { ...owed.M, reopens: number(2) } } },
      "redelivery_pending",
    ],
  ])("%s", (_, row, why) => {
    expect(whyNotErasable(row)).toBe(why);
  });

  it("and one is that a job has sent again", () => {
    expect([CONFIRMED, FAILED].map(whyNotErasable)).toEqual([undefined, undefined]);
  });
});

const value: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.string().map((S) => ({ S: `${SECRET}${S}` })),
    fc.integer().map((N) => ({ N: String(N) })),
    fc.constant({ BOOL: true }),
    fc.constant({ NULL: true }),
    fc.constant({ SS: [SECRET] }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 3 }).map((M) => ({ M })),
    fc.array(tie("value"), { maxLength: 3 }).map((L) => ({ L })),
  ),
})).value;
/** Of these whose token it was stays. */
const WHO_SAID = new Set(["intake", "acknowledged", "saidElsewhere"]);
/** What says whose it is, and where it is found. */
const IDS = new Set(["transactionId", "merchantId", "merchantKey", "failedKey", "failedAt"]);
const NAMES = [...ATTRIBUTE_NAMES, "payload", "outcome", "amount", "currency", "occurredAt", "note"].filter(
  (name) => !IDS.has(name) && name !== "confirmationState" && name !== "stateVersion",
);

it("whatever anybody wrote to a row, nothing of it is left, and it is what it was", () => {
  const anything = fc.dictionary(fc.constantFrom(...NAMES), value);
  fc.assert(
    fc.property(anything, fc.constantFrom(CONFIRMED, SHADOWED, FAILED), (written, row) => {
      const before: AttributeMap = { ...row, ...written };
      const after = once(before);
      const said = Object.entries(after).filter(([name]) => !WHO_SAID.has(name));
      expect(JSON.stringify(said)).not.toContain(SECRET);
      expect(stateOf(after)).toBe(stateOf(before));
      expect(lineOf(after)).toEqual(lineOf(before));
      expect(erasureOf(after)).toBeUndefined();
      const accepted = acceptedOf(before);
      if (accepted !== undefined) expect(acceptedOf(after)).toEqual(accepted);
      if (accepted !== undefined && changedFields(before, accepted, true).length === 0)
        expect(contentChangeOf(after)).toBeUndefined();
    }),
  );
});
