import { describe, expect, it } from "@jest/globals";
import { decideRestore, type DecideContext, type Known } from "../../../core/restore/decide-restore.ts";
import type { ConfirmedSince, Evidence } from "../../../core/restore/evidence.ts";
import { changedFields, acceptedOf } from "../../../core/transaction/accepted.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { contentChangeOf } from "../../../core/transaction/content-change.ts";
import { judge } from "../../../core/transaction/judge-message.ts";
import { confirmedByOf } from "../../../core/transaction/row/confirmed-by.ts";
import { restoredByOf } from "../../../core/transaction/row/restored-by.ts";
import { stateOf } from "../../../core/transaction/row/row-state.ts";
import { changed, number, text } from "../../support/rows.ts";
import {
  acceptedIn,
  BACKUP_AT,
  confirmedRow,
  DAMAGED_AT,
  failedRow,
  NOW,
  parkedRow,
  pendingRow,
} from "./restore-rows.ts";

const UNKNOWN = [{ from: DAMAGED_AT - 60_000, to: DAMAGED_AT }];
const SINCE = BACKUP_AT + 60_000;

function decideOn(known: Partial<Known>, more: Partial<DecideContext> = {}) {
  const context: DecideContext = {
    jobId: "restore-1",
    now: NOW,
    damagedAt: DAMAGED_AT,
    settledDays: 90,
    rowKeys: { dueShards: 1, merchantShards: 1, leaseMs: 900_000 },
    unknownTimes: [],
    isInPlace: false,
    ...more,
  };
  return decideRestore({ transactionId: "t-1", backup: undefined, own: undefined, evidence: {}, ...known }, context);
}

/** What is written, as what. */
function written(known: Partial<Known>, more: Partial<DecideContext> = {}): [string, AttributeMap] {
  const decision = decideOn(known, more);
  if (decision.kind !== "write") throw new Error(`kept as ${decision.as}`);
  expect(restoredByOf(decision.row)).toMatchObject({ jobId: "restore-1", as: decision.as, at: NOW });
  // Nothing that is written is given up for its content by the stream.
  expect(contentChangeOf(decision.row)).toBeUndefined();
  return [decision.as, decision.row];
}

const journal = (row: AttributeMap, more: Partial<ConfirmedSince> = {}): Evidence => ({
  confirmed: {
    source: "journal",
    version: Number(row["version"]?.N),
    at: SINCE,
    accepted: acceptedIn(row),
    ...more,
  },
});

/** Whether a message that is still in a queue, of the row as it was, would have its merchant called. */
function isCalled(row: AttributeMap, release = 0): boolean {
  return judge({ transactionId: "t-1", version: Number(row["version"]?.N), release }, row).kind === "deliver";
}

describe("a transaction that is gone", () => {
  it.each([
    ["confirmed", confirmedRow(BACKUP_AT - 1000)],
    ["failed", failedRow(BACKUP_AT - 1000)],
  ])("and was %s in the backup is written as it was", (_what, backup) => {
    const [as, row] = written({ backup });
    expect(as).toBe("backup");
    expect(changed(row, { restoredBy: undefined })).toEqual(backup);
  });

  it("and was pending is sent, where every source was asked", () => {
    const [as, row] = written({ backup: pendingRow() });
    expect(as).toBe("sent");
    expect([stateOf(row), row["dueKey"], row["dueAt"], row["releaseNumber"]]).toEqual([
      "SCHEDULED",
      text("T#0"),
      number(NOW),
      number(1),
    ]);
    expect(isCalled(row)).toBe(false);
  });

  it("and was parked until later is sent then", () => {
    const [as, row] = written({ backup: parkedRow(NOW + 5000) });
    expect([as, row["dueAt"], row["attemptCount"]]).toEqual(["sent", number(NOW + 5000), number(1)]);
  });

  it("and waited for its merchant is sent at once: nobody may look for it there", () => {
    const backup = parkedRow(NOW + 5000, { dueKey: text("M#m-1#0") });
    const [, row] = written({ backup: changed(backup, { dueKey: text("M#m-1#0") }) });
    expect([row["dueKey"], row["dueAt"]]).toEqual([text("T#0"), number(NOW)]);
  });

  it("and is in order keeps its place in its group", () => {
    const [as, row] = written({ backup: pendingRow({ orderingKey: text("k") }) });
    expect([as, stateOf(row), row["dueKey"]?.S, row["dueAt"]]).toEqual(["sent", "PENDING", "O#0", number(NOW)]);
  });

  it("and was confirmed since, as the journal says, is written as confirmed", () => {
    const backup = pendingRow();
    const [as, row] = written({ backup, evidence: journal(backup) });
    expect(as).toBe("journal");
    expect(row).toMatchObject({
      confirmationState: text("CONFIRMED"),
      stateVersion: number(1),
      settledAt: number(SINCE),
      purgeAt: number(Math.floor(SINCE / 1000) + 90 * 86_400),
      amount: text("12.50"),
    });
    expect(row["dueKey"]).toBeUndefined();
    expect(acceptedOf(row)).toEqual(acceptedIn(backup));
  });

  it("and was confirmed since, as a manifest says, is written as confirmed", () => {
    const accepted = { merchantId: "m-1", outcome: "APPROVED", amount: "12.50", currency: "EUR" };
    const confirmed = { source: "manifests", version: 1, at: SINCE, accepted, day: "2026-11-22" } as const;
    const [as, row] = written({ backup: pendingRow(), evidence: { confirmed } });
    expect([as, stateOf(row), row["settledAt"]]).toEqual(["manifests", "CONFIRMED", number(SINCE)]);
  });

  it("and was confirmed since is restored from the stream, which has the whole row, before all others", () => {
    const ended = confirmedRow(SINCE);
    const [as, row] = written({ backup: pendingRow(), evidence: { ended, ...journal(pendingRow()) } });
    expect(as).toBe("stream");
    expect(changed(row, { restoredBy: undefined })).toEqual(ended);
  });

  it("and was given up since is so again, where the stream says it", () => {
    const [as, row] = written({ backup: pendingRow(), evidence: { ended: failedRow(SINCE) } });
    expect([as, stateOf(row)]).toEqual(["stream", "FAILED"]);
  });

  it("and may have been confirmed in a time that no source has is called by nobody", () => {
    const [as, row] = written({ backup: pendingRow() }, { unknownTimes: UNKNOWN });
    expect(as).toBe("unknown");
    expect(row).toMatchObject({
      confirmationState: text("FAILED"),
      failure: { M: { code: text("restore_undecided"), fault: text("pipeline") } },
      failedKey: text("m-1#0"),
      releaseNumber: number(1),
    });
    for (const name of ["purgeAt", "dueKey", "dueAt"]) expect(row[name]).toBeUndefined();
    const ofThen = { transactionId: "t-1", version: 1, release: 0 };
    expect(judge(ofThen, row).kind).toBe("discard");
    expect(judge({ ...ofThen, deadLettered: true }, row).kind).toBe("discard");
  });

  it("and was parked beyond that time is not unknown", () => {
    const until = (dueAt: number) => written({ backup: parkedRow(dueAt) }, { unknownTimes: UNKNOWN })[0];
    expect([until(DAMAGED_AT), until(DAMAGED_AT - 1)]).toEqual(["sent", "unknown"]);
  });

  it("and was parked is unknown all the same where an acknowledgement or a receipt was to come", () => {
    const until = (changes: AttributeMap) =>
      written({ backup: changed(parkedRow(NOW), changes) }, { unknownTimes: UNKNOWN })[0];
    const steps = { M: { version: number(1), revision: number(1), plan: text("fallback"), done: { L: [] } } };
    expect([until({}), until({ waitingFor: text("acknowledgement") }), until({ steps })]).toEqual([
      "sent",
      "unknown",
      "unknown",
    ]);
  });

  it("and whose time to live is over by now stays gone", () => {
    const backup = changed(confirmedRow(BACKUP_AT), { purgeAt: number(Math.floor(NOW / 1000)) });
    expect(decideOn({ backup })).toEqual({ kind: "keep", as: "expired" });
  });

  it("and came since is restored as the stream had it before the damage", () => {
    const before = pendingRow({ amount: text("7.00") });
    const [as, row] = written({ evidence: { before } });
    expect([as, row["amount"]]).toEqual(["sent", text("7.00")]);
  });

  it("and came since, and of which the journal alone has something, is written with what was accepted", () => {
    const [as, row] = written({ evidence: journal(pendingRow({ amount: text("7.00") })) });
    expect(as).toBe("journal");
    expect(row).toMatchObject({
      transactionId: text("t-1"),
      version: number(1),
      merchantId: text("m-1"),
      amount: text("7.00"),
      confirmationState: text("CONFIRMED"),
    });
    expect(row["payload"]).toBeUndefined();
  });

  it("and came since, and of which a manifest alone has something, is listed with its merchant and day", () => {
    const accepted = { merchantId: "m-1", outcome: "APPROVED", amount: "7.00", currency: "EUR" };
    const confirmed = { source: "manifests", version: 3, at: SINCE, accepted, day: "2026-11-22" } as const;
    const [, row] = written({ evidence: { confirmed } });
    expect([row["merchantKey"], row["version"], stateOf(row)]).toEqual([
      text("m-1#2026-11-22#0"),
      number(3),
      "CONFIRMED",
    ]);
  });

  it("and was raised and confirmed since is written at that version, without what was of the other", () => {
    const raised = pendingRow({ version: number(2), outcome: text("REFUNDED") });
    const backup = confirmedRow(BACKUP_AT - 1000, { payload: { M: { order: number(1) } } });
    const [as, row] = written({ backup, evidence: journal(raised) });
    expect([as, row["version"], row["outcome"], stateOf(row)]).toEqual([
      "journal",
      number(2),
      text("REFUNDED"),
      "CONFIRMED",
    ]);
    for (const name of ["payload", "attempts", "attemptCount"]) expect(row[name]).toBeUndefined();
  });

  it("and whose content was another one when it was confirmed says what was accepted", () => {
    const backup = pendingRow({ payload: { M: { order: number(1) } } });
    const then = pendingRow({ amount: text("13.00") });
    const [, row] = written({ backup, evidence: journal(then) });
    expect(row["amount"]).toEqual(text("13.00"));
    expect(row["payload"]).toBeUndefined();
  });

  it("and whose version cannot be read is written as it was", () => {
    const backup = pendingRow({ version: text("one") });
    expect(written({ backup })[0]).toBe("backup");
  });

  it("and of which an older version was confirmed since is sent at the newer one", () => {
    const backup = pendingRow({ version: number(2) });
    expect(written({ backup, evidence: journal(pendingRow()) })[0]).toBe("sent");
  });
});

describe("a transaction that the table has", () => {
  it.each([
    ["confirmed in both", confirmedRow(BACKUP_AT), confirmedRow(BACKUP_AT), "same"],
    ["failed in both", failedRow(BACKUP_AT), failedRow(BACKUP_AT), "same"],
    ["confirmed since", pendingRow(), confirmedRow(SINCE), "table"],
    ["given up since", pendingRow(), failedRow(SINCE), "table"],
    ["opened again since", failedRow(BACKUP_AT), pendingRow({ releaseNumber: number(1) }), "same"],
    ["at a higher version", confirmedRow(BACKUP_AT), pendingRow({ version: number(2) }), "same"],
    ["still on its way", pendingRow(), pendingRow(), "same"],
    ["parked since", pendingRow(), parkedRow(NOW + 1), "same"],
  ])("stays where it is %s", (_what, backup, own, as) => {
    expect(decideOn({ backup, own })).toEqual({ kind: "keep", as });
  });

  it.each([
    ["in the backup", { backup: confirmedRow(BACKUP_AT) }, "backup"],
    ["in the stream", { backup: pendingRow(), evidence: { ended: confirmedRow(SINCE) } }, "stream"],
    ["in the journal", { backup: pendingRow(), evidence: journal(pendingRow()) }, "journal"],
    ["in the journal, and came since", { evidence: journal(pendingRow()) }, "journal"],
  ])("is confirmed again where its state is gone and it was %s", (_what, known, expected) => {
    const own = pendingRow({ releaseNumber: number(3) });
    const [as, row] = written({ ...known, own });
    expect([as, stateOf(row), row["releaseNumber"]]).toEqual([expected, "CONFIRMED", number(3)]);
  });

  it("without its state, which was pending in the backup, may have been confirmed where sources have gaps", () => {
    const [as, row] = written({ backup: pendingRow(), own: pendingRow() }, { unknownTimes: UNKNOWN });
    expect([as, stateOf(row)]).toEqual(["unknown", "FAILED"]);
  });

  it("on its way, in a table restored in its own place, may have been confirmed where sources have gaps", () => {
    const row = parkedRow(DAMAGED_AT - 1);
    const known = { backup: row, own: row };
    expect(decideOn(known, { unknownTimes: UNKNOWN })).toEqual({ kind: "keep", as: "same" });
    const [as, undecided] = written(known, { unknownTimes: UNKNOWN, isInPlace: true });
    expect([as, stateOf(undecided), undecided["dueKey"]]).toEqual(["unknown", "FAILED", undefined]);
    expect(decideOn(known, { isInPlace: true })).toEqual({ kind: "keep", as: "same" });
  });

  it("is confirmed again where its version was raised since, confirmed, and its state is gone", () => {
    const own = pendingRow({ version: number(2) });
    const [as, row] = written({ backup: confirmedRow(BACKUP_AT), own, evidence: journal(own) });
    expect([as, row["version"], stateOf(row)]).toEqual(["journal", number(2), "CONFIRMED"]);
  });

  it("gets its content back where that was changed, and is sent as the next generation", () => {
    const own = pendingRow({ amount: text("0.01"), releaseNumber: number(2) });
    const [as, row] = written({ backup: pendingRow(), own });
    expect([as, row["amount"], row["releaseNumber"]]).toEqual(["sent", text("12.50"), number(3)]);
    expect(isCalled(row, 2)).toBe(false);
  });

  it("gets back its highest version where that was lowered", () => {
    const backup = confirmedRow(BACKUP_AT, { version: number(3) });
    const [as, row] = written({ backup, own: pendingRow({ version: number(1) }) });
    expect([as, row["version"], stateOf(row)]).toEqual(["backup", number(3), "CONFIRMED"]);
  });

  it("is confirmed again where the damage had it given up for its content", () => {
    const own = changed(failedRow(DAMAGED_AT + 1, "content_changed"), {
      amount: text("0.01"),
      attempts: confirmedRow(SINCE)["attempts"],
    });
    const [as, row] = written({ backup: pendingRow(), own });
    expect([as, stateOf(row), row["amount"], row["failure"]]).toEqual(["table", "CONFIRMED", text("12.50"), undefined]);
    expect(row["failedKey"]).toBeUndefined();
  });

  it("is sent where the damage had it given up for its content, and it was not delivered", () => {
    const own = changed(failedRow(DAMAGED_AT + 1, "content_changed"), { amount: text("0.01") });
    const [as, row] = written({ backup: parkedRow(BACKUP_AT), own });
    expect([as, stateOf(row), row["amount"]]).toEqual(["sent", "SCHEDULED", text("12.50")]);
  });

  it("stays given up for content that its producer changed before the damage", () => {
    const own = changed(failedRow(DAMAGED_AT - 1, "content_changed"), { amount: text("0.01") });
    expect(decideOn({ backup: pendingRow(), own, evidence: journal(pendingRow()) })).toMatchObject({ kind: "keep" });
  });

  it("gets its content back where it is confirmed, and was not given up yet", () => {
    const own = changed(confirmedRow(SINCE), { amount: text("0.01") });
    const [as, row] = written({ backup: pendingRow(), own });
    expect([as, row["amount"], row["settledAt"]]).toEqual(["table", text("12.50"), number(SINCE)]);
  });

  it("keeps erased what was erased since, also where it is confirmed again", () => {
    const erased = { erasedAt: number(SINCE), payload: undefined, amount: text("12.50") };
    const backup = confirmedRow(BACKUP_AT, { payload: { M: { name: text("Ann") } } });
    const own = changed(pendingRow(), erased);
    const [, row] = written({ backup, own });
    expect([stateOf(row), row["payload"], row["erasedAt"]]).toEqual(["CONFIRMED", undefined, number(SINCE)]);
    const [, sinceThen] = written({
      backup: pendingRow({ payload: { M: { name: text("Ann") } } }),
      own,
      evidence: journal(pendingRow({ payload: { M: { name: text("Ann") } } })),
    });
    expect(sinceThen["payload"]).toBeUndefined();
    expect(decideOn({ backup: pendingRow({ payload: { M: { name: text("Ann") } } }), own })).toMatchObject({
      kind: "keep",
    });
  });

  it("that was erased is final, whatever else is known of it", () => {
    const payload = { M: { name: text("Ann") } };
    const erased = { erasedAt: number(SINCE), erasedVersion: number(1), payload: undefined };
    const known = { backup: confirmedRow(BACKUP_AT, { payload }), evidence: journal(pendingRow({ payload })) };
    for (const own of [confirmedRow(BACKUP_AT), failedRow(BACKUP_AT)])
      expect(decideOn({ ...known, own: changed(own, erased) }).kind).toBe("keep");
  });

  it("that is gone, and was erased as the stream has it, is written as it was then", () => {
    const payload = { M: { name: text("Ann") } };
    const backup = confirmedRow(BACKUP_AT, { payload });
    const erased = changed(backup, { erasedAt: number(SINCE), payload: undefined });
    for (const evidence of [{ before: erased }, { ended: erased }, { before: erased, ended: erased }]) {
      const [as, row] = written({ backup, evidence });
      expect([as, row["payload"], row["erasedAt"]]).toEqual(["stream", undefined, number(SINCE)]);
    }
  });

  it("that another system confirmed is so told still, where manifests alone say it", () => {
    const confirmed = { source: "manifests", version: 1, at: SINCE, confirmedBy: "shadow" } as const;
    const [, row] = written({ backup: pendingRow(), evidence: { confirmed } });
    expect(confirmedByOf(row)).toEqual({ version: 1, by: "shadow" });
    const [, own] = written({
      backup: pendingRow(),
      evidence: { confirmed: { ...confirmed, source: "journal", confirmedBy: undefined } },
    });
    expect([stateOf(own), confirmedByOf(own)]).toEqual(["CONFIRMED", undefined]);
  });

  it("that this restore wrote comes to the same, whatever has become of it", () => {
    const [as, row] = written({ backup: pendingRow() });
    const confirmed = changed(row, { confirmationState: text("CONFIRMED"), settledAt: number(NOW + 1) });
    for (const own of [row, confirmed]) expect(decideOn({ backup: pendingRow(), own })).toEqual({ kind: "keep", as });
  });

  it("that an earlier restore left undecided stays so, until something says what became of it", () => {
    const [, own] = written({ backup: pendingRow() }, { unknownTimes: UNKNOWN, jobId: "restore-1" });
    const later = { jobId: "restore-2" };
    expect(decideOn({ backup: pendingRow(), own }, later)).toEqual({ kind: "keep", as: "unknown" });
    const decision = decideOn({ backup: pendingRow(), own, evidence: journal(pendingRow()) }, later);
    expect(decision).toMatchObject({ kind: "write", as: "journal" });
  });
});

describe("whatever the sources say", () => {
  const rows: (AttributeMap | undefined)[] = [
    undefined,
    pendingRow(),
    parkedRow(NOW + 1),
    confirmedRow(BACKUP_AT),
    failedRow(BACKUP_AT),
    pendingRow({ version: number(2), outcome: text("REFUNDED") }),
    confirmedRow(SINCE, { version: number(2), outcome: text("REFUNDED") }),
    changed(failedRow(DAMAGED_AT + 1, "content_changed"), { amount: text("0.01") }),
  ];
  const ended = rows.filter((row) => row !== undefined && stateOf(row) === "CONFIRMED");
  const confirmed = [undefined, journal(pendingRow()).confirmed, journal(rows[5] ?? {}).confirmed];
  const all: Known[] = rows.flatMap((backup) =>
    rows.flatMap((own) =>
      [undefined, ...rows.slice(1, 7)].flatMap((before) =>
        [undefined, ...ended].flatMap((end) =>
          confirmed.map((since) => ({
            transactionId: "t-1",
            backup,
            own,
            evidence: {
              ...(before !== undefined && { before }),
              ...(end !== undefined && { ended: end }),
              ...(since !== undefined && { confirmed: since }),
            },
          })),
        ),
      ),
    ),
  );

  const versionIn = (row: AttributeMap | undefined) => Number(row?.["version"]?.N ?? 0);
  const resultOf = (known: Known, unknownTimes = UNKNOWN) => {
    const decision = decideOn(known, { unknownTimes });
    return decision.kind === "write" ? decision.row : known.own;
  };

  it("no version is lowered, and none that anything says was confirmed is called", () => {
    for (const known of all) {
      const { backup, own, evidence } = known;
      for (const unknownTimes of [[], UNKNOWN]) {
        const row = resultOf(known, unknownTimes);
        const versions = [backup, own, evidence.before, evidence.ended].map(versionIn);
        const top = Math.max(...versions, evidence.confirmed?.version ?? 0);
        const said = JSON.stringify(known);
        expect([versionIn(row), said]).toEqual([top, said]);
        const isConfirmed =
          evidence.confirmed?.version === top ||
          [backup, evidence.before, evidence.ended].some(
            (one) => one !== undefined && versionIn(one) === top && stateOf(one) === "CONFIRMED",
          );
        if (row !== undefined && isConfirmed) expect([stateOf(row), said]).toEqual(["CONFIRMED", said]);
      }
    }
  });

  it("what is written is what its merchant accepted, as far as anybody knows", () => {
    for (const known of all) {
      const decision = decideOn(known);
      if (decision.kind !== "write" || stateOf(decision.row) === "FAILED") continue;
      const accepted = acceptedOf(decision.row);
      if (accepted !== undefined) expect(changedFields(decision.row, accepted, true)).toEqual([]);
    }
  });

  it("the same again changes nothing", () => {
    for (const known of all) {
      const own = resultOf(known);
      expect(decideOn({ ...known, ...(own !== undefined && { own }) }, { unknownTimes: UNKNOWN }).kind).toBe("keep");
    }
  });
});
