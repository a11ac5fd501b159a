import { describe, expect, it } from "@jest/globals";
import { Apply } from "../../../../core/confirmation/apply/apply.ts";
import { decide } from "../../../../core/confirmation/decide/decide.ts";
import {
  DELETE,
  effect,
  giveBack,
  giveBackUntil,
  KEEP,
  LEAVE,
  letGo,
} from "../../../../core/confirmation/decide/effect.ts";
import type { Job } from "../../../../core/confirmation/job.ts";
import type { Ports, QueuePort, Recorded, TablePort, TelemetryPort } from "../../../../core/confirmation/ports.ts";
import type { PreparedCall } from "../../../../core/delivery/prepare.ts";
import { METRICS } from "../../../../core/settings/names.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { failure } from "../../../../core/transaction/failure.ts";
import { inFlight, jobOf, NOW, orderedJob, SETTINGS } from "../../../support/jobs.ts";
import { contentIn, number, text, transactionRow } from "../../../support/rows.ts";
import { strictFake } from "../../../support/strict-fake.ts";
import { UNTRACED } from "../../../support/untraced.ts";

const accepted = contentIn(transactionRow());
const progress = { attemptCount: 1, attempts: [], giveUpAt: NOW + 1000, accepted };
const delivered = (job: Job) => decide.delivered(job, progress, accepted);
const late = failure("expired", "late");

const CALL: PreparedCall = {
  merchant: { merchantId: "m-1", secretKeyVersion: "1" },
  keys: [],
  destination: { origin: "https://m.example", path: "/" },
  webhook: { id: "msg_1", body: "{}" },
  content: accepted,
  deadlineMs: 10_000,
};

interface Answers {
  /** Of one record after the other; written where there is none. */
  readonly records?: Recorded[];
  readonly row?: AttributeMap;
  readonly isNoted?: boolean;
  readonly isDeleted?: boolean;
}

/** Ports that write down what reaches them, and answer as told. */
function outside({ records = [], row, isNoted = true, isDeleted = true }: Answers = {}) {
  const journal: string[] = [];
  const counts: string[] = [];
  /** Those of which it was told that they were given up. */
  const reported: Job[] = [];
  const failing = { hasRoom: true, add: (seconds: number) => void journal.push(`takes room for ${seconds} s`) };
  const ports: Ports = {
    queue: strictFake<QueuePort>("queue", {
      delete: async () => {
        journal.push("delete");
        return isDeleted ? undefined : { error: "gone", isRefused: true };
      },
      giveBack: async (_, seconds) => void journal.push(`back in ${seconds} s`),
      sendDeadLetter: async () => void journal.push("dead letter"),
      sendInOrder: async () => [void journal.push("to its group")].map(() => undefined),
      failing,
      troubled: { ...failing, add: (seconds) => void journal.push(`troubled for ${seconds} s`) },
    }),
    table: strictFake<TablePort>("table", {
      name: "Transactions",
      record: async ({ text: statement, parameters }) => {
        const state = statement.includes("SET confirmationState") ? parameters[0]?.S : "other";
        journal.push(`record ${state}`);
        return records.shift() ?? { kind: "written" };
      },
      readAgain: async () => {
        journal.push("read again");
        return row;
      },
    }),
    merchants: strictFake<Ports["merchants"]>("merchants", {
      isSandbox: async () => false,
      markWaiting: async () => {
        journal.push("note");
        if (!isNoted) throw new Error("throttled");
      },
    }),
    telemetry: strictFake<TelemetryPort>("telemetry", {
      count: (metric) => void counts.push(metric),
      warn: (message) => void journal.push(`warning: ${message}`),
      confirmed: () => void journal.push("told"),
      parked: (_, reason) => void journal.push(`told: ${reason}`),
      gaveUp: (job, { code }) => {
        reported.push(job);
        journal.push(`told: ${code}`);
      },
      step: () => undefined,
      hops: UNTRACED,
      campaigns: undefined,
    }),
    clock: {
      now: () => NOW,
      elapsedMs: () => 0,
      random: () => 0.5,
      isWrongAt: () => false,
      pause: async () => undefined,
    },
  };
  return { apply: new Apply(ports, SETTINGS), journal, counts, told: reported };
}

const CONDITION = { kind: "condition failed" } as const;
const REJECTED = { kind: "rejected", error: "item too large" } as const;

describe("an effect", () => {
  it("is carried out in one order: note, send, record, delete", async () => {
    const { apply, journal } = outside();
    const waits = { merchant: { merchantId: "m-1" }, reason: "paused" } as const;
    const parked = decide.turnedAway(jobOf(), NOW + 1000, waits, SETTINGS, { now: NOW, random: 0.5 });
    const send = decide.unusable(jobOf(), late).send;
    if (parked.kind !== "park") throw new Error("it does not park");
    expect(await apply.to(jobOf(), { ...parked, send })).toBe("completed");
    expect(journal).toEqual(["note", "dead letter", "record SCHEDULED", "told: paused", "delete"]);
  });

  it("of a 2xx is recorded first and deleted second", async () => {
    const { apply, journal, counts } = outside();
    expect(await apply.to(jobOf(), delivered(jobOf()))).toBe("completed");
    expect(journal).toEqual(["record CONFIRMED", "told", "delete"]);
    expect(counts).toEqual([METRICS.confirmed]);
  });

  it("of a failure sends the dead letter first and records second", async () => {
    const { apply, journal, counts } = outside();
    expect(await apply.to(jobOf(), decide.unusable(jobOf(), late))).toBe("completed");
    expect(journal).toEqual(["dead letter", "record FAILED", "told: expired", "delete"]);
    expect(counts).toEqual([METRICS.deadLetteredMerchant]);
  });

  it("of a failure tells of all its attempts, the last one too", async () => {
    const { apply, told: reported } = outside();
    const outcome = { kind: "failed", class: "status_4xx", error: "no", abortsMessage: true } as const;
    const after = { isUrlDisabled: false, hasRoomInQueue: true, now: NOW, random: 0.5 };
    await apply.to(jobOf(), decide.afterCall(jobOf(), CALL, outcome, progress, after, SETTINGS));
    expect(reported.map(({ state }) => state.attemptCount)).toEqual([1]);
  });

  it("leaves the message where it could not be deleted, so that nothing behind it goes before", async () => {
    const { apply } = outside({ isDeleted: false });
    expect(await apply.to(jobOf(), delivered(jobOf()))).toBe("left");
  });

  it.each([
    ["deletes", DELETE, ["delete"], "completed"],
    ["keeps", KEEP, [], "completed"],
    ["leaves", LEAVE, [], "left"],
    ["gives back", giveBack(7), ["back in 7 s"], "left"],
    ["gives back and takes its share of the queue", giveBack(7, true), ["troubled for 7 s", "back in 7 s"], "left"],
    ["gives back until a time", giveBackUntil(NOW + 7000), ["back in 7 s"], "left"],
    ["gives back for an hour at most", giveBackUntil(NOW + 9_000_000), ["back in 3600 s"], "left"],
  ])("%s the message", async (_, fate, expected, ending) => {
    const { apply, journal } = outside();
    expect(await apply.toMessage(letGo(fate), inFlight())).toBe(ending);
    expect(journal).toEqual(expected);
  });

  it("takes room in the queue before its attempt is recorded", async () => {
    const { apply, journal } = outside();
    const record = { kind: "attempted", progress, delaySeconds: 10 } as const;
    expect(await apply.to(jobOf(), effect("retry in queue", record, giveBack(10)))).toBe("left");
    expect(journal).toEqual(["takes room for 10 s", "record PENDING", "back in 10 s"]);
  });

  it("moves to the ordered group before it deletes", async () => {
    const { apply, journal, counts } = outside();
    const move = decide.reopened(orderedJob());
    if (move === undefined) throw new Error("it is not moved");
    await apply.to(orderedJob(), move);
    expect([journal, counts]).toEqual([["to its group", "delete"], [METRICS.movedToOrdered]]);
  });

  it("that opens a row again says whether it goes on", async () => {
    const reopen = effect("reopen", { kind: "reopened", dueKey: "P#0" } as const, KEEP);
    const written = outside();
    expect(await written.apply.to(jobOf(), reopen)).toBe("reopened");
    const refused = outside({ records: [CONDITION] });
    expect(await refused.apply.to(jobOf(), reopen)).toBe("completed");
    expect([written.journal, refused.journal]).toEqual([["record PENDING"], ["record PENDING", "delete"]]);
    expect(refused.counts).toEqual([]);
  });
});

describe("what does not fit is decided anew", () => {
  it("parks by time where the health row could not be noted, and counts it once", async () => {
    const { apply, journal, counts } = outside({ isNoted: false });
    const waits = { merchant: { merchantId: "m-1" }, reason: "paused" } as const;
    await apply.to(jobOf(), decide.turnedAway(jobOf(), NOW + 1000, waits, SETTINGS, { now: NOW, random: 0.5 }));
    expect(journal).toEqual([
      "note",
      "warning: not noted at its gate that something waits",
      "record SCHEDULED",
      "told: paused",
      "delete",
    ]);
    expect(counts).toEqual([METRICS.waiting, METRICS.parked]);
  });

  it("reads the row again when a 2xx does not fit it, until a record does", async () => {
    const { apply, journal } = outside({ records: [CONDITION, CONDITION], row: transactionRow() });
    expect(await apply.to(jobOf(), delivered(jobOf()))).toBe("completed");
    const round = ["read again", "record CONFIRMED"];
    expect(journal).toEqual(["record CONFIRMED", ...round, ...round, "told", "delete"]);
  });

  it("stops where the row is written to again and again", async () => {
    const { apply, journal } = outside({ records: Array.from({ length: 99 }, () => CONDITION), row: transactionRow() });
    await expect(apply.to(jobOf(), delivered(jobOf()))).rejects.toThrow("was written to 20 times");
    expect(journal.filter((entry) => entry === "read again")).toHaveLength(20);
    expect(journal).not.toContain("delete");
  });

  it("gives up what was changed while it was delivered: letter first", async () => {
    const row = transactionRow({ amount: text("99.00") });
    const { apply, journal } = outside({ records: [CONDITION], row });
    await apply.to(jobOf(), delivered(jobOf()));
    expect(journal).toEqual([
      "record CONFIRMED",
      "read again",
      "dead letter",
      "record FAILED",
      "told: content_changed",
      "delete",
    ]);
  });

  it("completes a full row with as little as it takes, and sends no second letter", async () => {
    const { apply, journal, counts } = outside({ records: [REJECTED] });
    await apply.to(jobOf(), decide.unusable(jobOf(), late));
    expect(journal).toEqual([
      "dead letter",
      "record FAILED",
      "warning: the row cannot take the whole record",
      "record FAILED",
      "told: expired",
      "delete",
    ]);
    expect(counts).toEqual([METRICS.unrecordable, METRICS.deadLetteredMerchant]);
  });

  it("tells of nothing that its row did not take", async () => {
    const { apply, journal, counts } = outside({ records: [CONDITION, CONDITION] });
    const wait = { kind: "parked", progress, dueKey: "T#0", dueAt: NOW, waitingFor: undefined } as const;
    await apply.to(jobOf(), effect("park", wait, DELETE));
    expect([journal, counts]).toEqual([["record SCHEDULED", "record other", "delete"], []]);
  });
});

describe("what cannot be used", () => {
  const garbage = transactionRow({ releaseNumber: text("seven"), version: number(1) });
  const quarantine = effect("quarantine", { kind: "quarantined", row: garbage, failure: late } as const, KEEP, {
    send: { kind: "unusable row", row: garbage, failure: late },
  });

  it("goes to the dead letters before its row is given up", async () => {
    const { apply, journal, counts } = outside();
    expect(await apply.toMessage(quarantine, inFlight())).toBe("completed");
    expect(journal).toEqual(["dead letter", "record FAILED", "warning: row set aside"]);
    expect(counts).toEqual([METRICS.setAside, METRICS.deadLetteredMerchant]);
  });

  it("is not told of where somebody else wrote to the row, and is an error where the row cannot take it", async () => {
    const raced = outside({ records: [CONDITION] });
    expect(await raced.apply.toMessage(quarantine, inFlight())).toBe("completed");
    expect([raced.journal, raced.counts]).toEqual([["dead letter", "record FAILED"], []]);
    const full = outside({ records: [REJECTED] });
    await expect(full.apply.toMessage(quarantine, inFlight())).rejects.toThrow("the row cannot be given up");
  });
});
