/**
 * Every write of the pipeline against DynamoDB Local: when it is taken, when it is refused, and what the row is
 * afterwards.
 */
import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, it } from "@jest/globals";
import {
  claimStatement,
  moveStatement,
  reopenStatement,
  repeatStatement,
  unclaimStatement,
} from "../../../../core/aws/statements/requeue.ts";
import { confirmStatement } from "../../../../core/aws/statements/confirm.ts";
import { failStatement, completeWithLittleStatement } from "../../../../core/aws/statements/complete.ts";
import type { Statement, Target } from "../../../../core/aws/statements/statement.ts";
import { attemptStatement, parkStatement, stayStatement } from "../../../../core/aws/statements/wait.ts";
import type { WriteResult } from "../../../../core/aws/transactions-table.ts";
import { dueTransactionIds } from "../../../../core/aws/due-rows.ts";
import { acceptedOf } from "../../../../core/transaction/accepted.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { failure } from "../../../../core/transaction/failure.ts";
import { FAILED_INDEX } from "../../../../core/settings/names.ts";
import { failedListing } from "../../../../core/transaction/row/failed-listing.ts";
import { failedAtPrefix, failedKeys } from "../../../../core/transaction/row/index-keys.ts";
import type { DynamoDbLocal } from "../../../support/dynamodb-local.ts";
import { type Changes, contentIn, number, text, transactionRow } from "../../../support/rows.ts";

const TABLE = "Transactions";
const progress = {
  attemptCount: 2,
  attempts: [{ at: 1, durationMs: 2, outcome: "status_5xx", status: 500 }],
  giveUpAt: 9000,
  committedAt: 77,
};
const reason = failure("attempts_exhausted", "no luck");
const NOW = 1_795_341_600_123;
const listing = failedListing("m-1", "t-1", reason, NOW, 1);
const amongFailed: Changes = {
  failedKey: text("m-1#0"),
  failedAt: text("attempts_exhausted#2026-11-22T10:00:00.123Z"),
};

let dynamodb: DynamoDbLocal;
let count = 0;
/** Puts a row at version 2, generation 3 unless told otherwise, and runs a statement on it. */
async function run(
  changes: Changes,
  make: (target: Target) => Statement,
): Promise<[WriteResult["kind"], AttributeMap]> {
  count += 1;
  const target = { transactionId: `t-${count}`, version: 2, release: 3 };
  const id = text(target.transactionId);
  await dynamodb.put(transactionRow({ version: number(2), releaseNumber: number(3), ...changes, transactionId: id }));
  const [result] = await dynamodb.table.write([make(target)]);
  if (result === undefined) throw new Error("no result");
  return [result.kind, (await dynamodb.get(target.transactionId)) ?? {}];
}

/** Ids of one partition of the failed index. */
async function inFailedIndex(failedKey: string, prefix: string): Promise<string[]> {
  const { Items = [] } = await dynamodb.client.send(
    new QueryCommand({
      TableName: TABLE,
      IndexName: FAILED_INDEX,
      KeyConditionExpression: "failedKey = :key AND begins_with(failedAt, :prefix)",
      ExpressionAttributeValues: { ":key": text(failedKey) as never, ":prefix": text(prefix) as never },
    }),
  );
  return Items.map(({ transactionId }) => transactionId?.S ?? "");
}

const made = {
  confirm: (target: Target) => confirmStatement(TABLE, target, progress, contentIn(transactionRow()), NOW, 90),
  attempt: (target: Target) => attemptStatement(TABLE, target, progress),
  stay: (target: Target) =>
    stayStatement(TABLE, target, progress, {
      nextTryAt: 4000,
      dueKey: "O#7",
      dueAt: 5000,
      waitingFor: "paused",
    }),
  repeat: (target: Target) => repeatStatement(TABLE, target, 1, 9000, 100),
  move: (target: Target) => moveStatement(TABLE, target, "O#7", 100),
  park: (target: Target) => parkStatement(TABLE, target, progress, "T#7", 5000),
  fail: (target: Target) => failStatement(TABLE, target, progress, reason, NOW, 90, listing),
  reopen: (target: Target) => reopenStatement(TABLE, target, "T#7", 5000),
  claim: (target: Target) => claimStatement(TABLE, target, true, 1, "P#7", 9000, 100),
  unclaim: (target: Target) =>
    unclaimStatement(TABLE, {
      target,
      claimed: { dueAt: 100, unheardReleases: 2 },
      before: { state: "SCHEDULED", dueKey: "T#3", dueAt: 50, unheardReleases: 1 },
    }),
};
const state = (name: string, stateVersion = 2): Changes => ({
  confirmationState: text(name),
  stateVersion: number(stateVersion),
});
const due: Changes = { dueKey: text("T#7"), dueAt: number(100) };
/** The same, released twice by now. */
const counted: Changes = { ...due, unheardReleases: number(2) };
const terminal: Changes = { purgeAt: number(5), settledAt: number(4), failure: { M: { code: text("expired") } } };

export function describePathWrites(started: () => DynamoDbLocal): void {
  beforeAll(() => {
    dynamodb = started();
  });

  describe("a write of the path", () => {
    const releaseBound = ["attempt", "stay", "park", "fail", "unclaim", "claim", "repeat", "move"] as const;
    const all = ["confirm", ...releaseBound] as const;

    it.each(all)("%s is taken at the row's version and generation", async (name) => {
      expect((await run({ ...counted, ...state("PENDING") }, made[name]))[0]).toBe("written");
    });

    it.each(all)("%s is refused once the version was raised", async (name) => {
      expect((await run({ ...counted, version: number(3) }, made[name]))[0]).toBe("condition failed");
    });

    it.each(all)("%s is refused for a row that is gone, and does not bring it back", async (name) => {
      const [result] = await dynamodb.table.write([made[name]({ transactionId: "gone", version: 2, release: 3 })]);
      expect(result).toEqual({ kind: "condition failed" });
      expect(await dynamodb.get("gone")).toBeUndefined();
    });

    it.each(all)("%s is refused for a row that is confirmed", async (name) => {
      expect((await run({ ...counted, ...state("CONFIRMED") }, made[name]))[0]).toBe("condition failed");
    });

    it.each(all)("%s is taken over a state of an older version", async (name) => {
      expect((await run({ ...counted, ...state("CONFIRMED", 1) }, made[name]))[0]).toBe("written");
    });

    it.each(releaseBound)("%s is refused at another generation", async (name) => {
      expect((await run({ ...counted, releaseNumber: number(4) }, made[name]))[0]).toBe("condition failed");
      expect((await run({ ...counted, releaseNumber: undefined }, made[name]))[0]).toBe("condition failed");
    });

    it.each(releaseBound)("%s never takes a failed row out of its grave", async (name) => {
      expect((await run({ ...counted, ...state("FAILED") }, made[name]))[0]).toBe("condition failed");
    });

    it.each(releaseBound)("%s at generation 0 is taken where the row has none, or 0", async (name) => {
      const first = (target: Target) => made[name]({ ...target, release: 0 });
      expect((await run({ ...counted, releaseNumber: undefined }, first))[0]).toBe("written");
      expect((await run({ ...counted, releaseNumber: number(0) }, first))[0]).toBe("written");
      expect((await run({ ...counted, releaseNumber: number(1) }, first))[0]).toBe("condition failed");
    });
  });

  describe("the record of a 2xx", () => {
    it("counts whatever the generation, and over a failure too", async () => {
      expect((await run({ releaseNumber: number(9) }, made.confirm))[0]).toBe("written");
      expect((await run(state("FAILED"), made.confirm))[0]).toBe("written");
    });

    it.each<[string, Changes]>([
      ["outcome", { outcome: text("REJECTED") }],
      ["amount", { amount: text("12.5") }],
      ["merchantId", { merchantId: text("m-2") }],
      ["currency", { currency: undefined }],
      ["occurredAt", { occurredAt: text("2026-11-22T10:00:01Z") }],
    ])("is refused for a row with another %s than was delivered", async (_, changes) => {
      expect((await run(changes, made.confirm))[0]).toBe("condition failed");
    });

    it("is refused once the row was given up for its content, and not for that of another version", async () => {
      const changedContent = { failure: { M: { code: text("content_changed") } } };
      expect((await run({ ...state("FAILED"), ...changedContent }, made.confirm))[0]).toBe("condition failed");
      expect((await run({ ...state("FAILED", 1), ...changedContent }, made.confirm))[0]).toBe("written");
    });

    it("says what was accepted", async () => {
      const [, row] = await run(due, made.confirm);
      expect(acceptedOf(row)).toEqual(contentIn(transactionRow()));
    });

    it("settles the row: out of the index, with a time to live in seconds", async () => {
      const [, row] = await run(
        { ...due, ...state("PENDING"), giveUpAt: number(1), unheardReleases: number(2) },
        made.confirm,
      );
      expect(row).toMatchObject({ ...state("CONFIRMED"), attemptCount: number(2), settledAt: number(NOW) });
      expect(row["purgeAt"]).toEqual(number(1_795_341_600 + 90 * 86_400));
      for (const gone of ["dueKey", "dueAt", "giveUpAt", "failure", "unheardReleases"])
        expect(row).not.toHaveProperty(gone);
    });
  });

  describe("the record of a failed attempt", () => {
    it("that waits in the queue leaves the row where it is in the index", async () => {
      const [, row] = await run({ ...due, purgeAt: number(1), unheardReleases: number(2) }, made.attempt);
      expect(row).toMatchObject({ ...due, ...state("PENDING"), attemptCount: number(2), giveUpAt: number(9000) });
      expect(row).not.toHaveProperty("purgeAt");
      expect(row).not.toHaveProperty("unheardReleases");
    });

    it("that parks puts the row into the index at its time, safe from a time to live left over", async () => {
      const [, row] = await run({ purgeAt: number(1) }, made.park);
      expect(row).toMatchObject({
        ...state("SCHEDULED"),
        dueKey: text("T#7"),
        dueAt: number(5000),
        giveUpAt: number(9000),
      });
      expect(row).not.toHaveProperty("purgeAt");
    });

    it("that stays in its place says when it is tried next and why, and is looked for after that", async () => {
      const [, row] = await run({ ...due, ...state("PENDING"), purgeAt: number(5) }, made.stay);
      expect(row).toMatchObject({
        ...state("PENDING"),
        nextTryAt: number(4000),
        dueKey: text("O#7"),
        dueAt: number(5000),
        waitingFor: text("paused"),
      });
      expect(row).not.toHaveProperty("purgeAt");
    });

    it("of a row that has no room for it settles it barely, and takes it out of the index", async () => {
      const full = {
        ...due,
        attempts: { L: [] },
        merchantKey: text("m-1#2026-11-22#0"),
        filler: text("x".repeat(409_390)),
      };
      const [refused, unsettled] = await run(full, made.fail);
      expect(refused).toBe("rejected");
      expect(unsettled).toHaveProperty("dueKey");
      const [result, row] = await run(full, (target: Target) => completeWithLittleStatement(TABLE, target, "FAILED"));
      expect(result).toBe("written");
      expect(row).toMatchObject(state("FAILED"));
      expect(row).not.toHaveProperty("dueKey");
    });

    it("that was the last settles the row with its reason", async () => {
      const [, row] = await run({ ...due, giveUpAt: number(1) }, made.fail);
      expect(row).toMatchObject({
        ...state("FAILED"),
        failure: { M: { code: text("attempts_exhausted"), fault: text("merchant"), reason: text("no luck") } },
        settledAt: number(NOW),
        purgeAt: number(1_795_341_600 + 90 * 86_400),
        ...amongFailed,
      });
      for (const gone of ["dueKey", "dueAt", "giveUpAt"]) expect(row).not.toHaveProperty(gone);
    });
  });

  describe("the failed index", () => {
    const failed: Changes = { ...state("FAILED"), ...terminal, ...amongFailed };

    it("holds what failed, by its merchant, reason and time", async () => {
      const merchantId = `failing-${count}`;
      const places = failedListing(merchantId, "t-1", reason, NOW, 3);
      const fail = (target: Target) => failStatement(TABLE, target, progress, reason, NOW, 90, places);
      const [, row] = await run(due, fail);
      const found = await Promise.all(
        failedKeys(merchantId, 3).map((failedKey) => inFailedIndex(failedKey, failedAtPrefix("attempts_exhausted"))),
      );
      expect(found.flat()).toEqual([row["transactionId"]?.S]);
      expect(await inFailedIndex(places?.failedKey ?? "", failedAtPrefix("attempts_exhaust"))).toEqual([]);
    });

    it.each(["attempt", "stay", "park"] as const)(
      "is left with a new version by whoever comes first: %s",
      async (name) => {
        const [, row] = await run({ ...due, ...failed, ...state("FAILED", 1) }, made[name]);
        for (const gone of ["failedKey", "failedAt"]) expect(row).not.toHaveProperty(gone);
      },
    );

    it.each(["claim", "repeat"] as const)("is left by a requeue: %s", async (name) => {
      const [, row] = await run({ ...due, ...amongFailed, ...state("PENDING") }, made[name]);
      for (const gone of ["failedKey", "failedAt"]) expect(row).not.toHaveProperty(gone);
    });

    it("costs a confirmation nothing: its record names none of the keys that an index entry is made of", async () => {
      const { text: statement, parameters } = made.confirm({ transactionId: "t-1", version: 2, release: 3 });
      expect(statement).not.toMatch(/failedKey|failedAt|intake/);
      expect(JSON.stringify(parameters)).not.toMatch(/failed|intake/);
      const [, row] = await run({ ...due, ...state("PENDING") }, made.confirm);
      for (const none of ["failedKey", "failedAt"]) expect(row).not.toHaveProperty(none);
    });
  });

  describe("opening a failed row again", () => {
    it("makes it pending at the next generation, with all its attempts, in the index and without an end", async () => {
      const [, row] = await run(
        { ...state("FAILED"), ...terminal, ...amongFailed, attemptCount: number(4) },
        made.reopen,
      );
      expect(row).toMatchObject({
        ...state("PENDING"),
        releaseNumber: number(4),
        attemptCount: number(0),
        dueAt: number(5000),
      });
      for (const gone of ["purgeAt", "settledAt", "failure", "giveUpAt", "failedKey", "failedAt"])
        expect(row).not.toHaveProperty(gone);
    });

    it.each<[string, Changes]>([
      ["confirmed", state("CONFIRMED")],
      ["pending", state("PENDING")],
      ["parked", state("SCHEDULED")],
      ["failed at an older version", state("FAILED", 1)],
      ["failed at another release", { ...state("FAILED"), releaseNumber: number(4) }],
    ])("is refused for one that is %s", async (_, changes) => {
      expect((await run(changes, made.reopen))[0]).toBe("condition failed");
    });
  });

  describe("a requeue", () => {
    it("claims a parked row: next release, pending, due again after the lease", async () => {
      const [, row] = await run({ ...due, ...state("SCHEDULED"), purgeAt: number(1) }, made.claim);
      expect(row).toMatchObject({
        ...state("PENDING"),
        releaseNumber: number(4),
        unheardReleases: number(2),
        dueAt: number(9000),
      });
      expect(row).not.toHaveProperty("purgeAt");
    });

    it("gives a row without state of this version none", async () => {
      const claim = (target: Target) => claimStatement(TABLE, target, false, 0, "P#7", 9000, 100);
      const [, row] = await run({ ...due, ...state("CONFIRMED", 1) }, claim);
      expect(row).toMatchObject({ ...state("CONFIRMED", 1), releaseNumber: number(4) });
    });

    it("is refused when the row's time was moved meanwhile", async () => {
      expect((await run({ ...due, dueAt: number(101) }, made.claim))[0]).toBe("condition failed");
    });

    it("that repeats leaves generation and state as they are, and counts as unacknowledged", async () => {
      const [, row] = await run({ ...due, ...state("PENDING") }, made.repeat);
      expect(row).toMatchObject({
        ...state("PENDING"),
        releaseNumber: number(3),
        unheardReleases: number(2),
        dueAt: number(9000),
      });
    });

    it.each(["claim", "repeat", "move"] as const)("that finds another date does not %s", async (name) => {
      expect((await run({ ...due, dueAt: number(101) }, made[name]))[0]).toBe("condition failed");
    });

    it("that is handed back is where it was: its state, key and time, and not counted as unacknowledged", async () => {
      const [, row] = await run({ ...counted, ...state("PENDING") }, made.unclaim);
      const before = { dueKey: text("T#3"), dueAt: number(50), unheardReleases: number(1) };
      expect(row).toMatchObject({ ...state("SCHEDULED"), ...before, releaseNumber: number(3) });
    });

    it.each<[string, Changes]>([
      ["heard by a worker", { unheardReleases: undefined }],
      ["parked by a worker", { dueAt: number(7000) }],
    ])("that was %s since is not handed back", async (_, since) => {
      expect((await run({ ...counted, ...since }, made.unclaim))[0]).toBe("condition failed");
    });

    it("finds what is due in the index, the longest due first", async () => {
      for (const [id, dueAt] of [
        ["late", 50],
        ["never", 1001],
        ["first", 10],
      ] as const)
        await dynamodb.put(transactionRow({ transactionId: text(id), dueKey: text("T#find"), dueAt: number(dueAt) }));
      expect(await dueTransactionIds(dynamodb.client, TABLE, "T#find", 1000, 10)).toEqual(["first", "late"]);
      expect(await dueTransactionIds(dynamodb.client, TABLE, "T#find", 1000, 1)).toEqual(["first"]);
    });
  });
}
