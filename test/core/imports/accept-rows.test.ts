import { expect, test } from "@jest/globals";
import { acceptRows } from "../../../core/imports/accept-rows.ts";
import type { ReadRow } from "../../../core/imports/row.ts";
import { contentAttributes } from "../../../core/intake/content-row.ts";
import type { IntakeResult, Submitted } from "../../../core/intake/intake.ts";
import { contentDigest, intakeAttribute } from "../../../core/intake/intake-record.ts";
import type { Submission } from "../../../core/intake/submission.ts";
import { CSV_HEADER, csvRow, rowsOf } from "./files.ts";

const TAKEN: IntakeResult = { kind: "taken", acceptedAt: 1, isRepeat: false };

const rows = async (...ids: number[]): Promise<readonly ReadRow[]> =>
  (await rowsOf([CSV_HEADER, ...ids.map(csvRow)].join("\n"))).rows;

const world = (resultOf: (submission: Submission) => IntakeResult, there: readonly Submission[] = []) => ({
  intake: {
    submit: (submitted: readonly Submitted[]) =>
      Promise.resolve(submitted.map(({ submission }) => resultOf(submission))),
  },
  read: (ids: readonly string[]) =>
    Promise.resolve(
      new Map(
        there
          .filter(({ transactionId }) => ids.includes(transactionId))
          .map((submission) => {
            const content = contentAttributes(submission);
            if ("faults" in content) throw new Error("a payload that is no payload");
            const digest = contentDigest(content.attributes);
            return [submission.transactionId, { intake: intakeAttribute({ digest, at: 1, by: "cron" }) }] as const;
          }),
      ),
    ),
});

test("rows that are taken, or were before, are accepted", async () => {
  const found = await acceptRows(
    await rows(1, 2),
    { by: "cron" },
    world(() => TAKEN),
  );
  expect(found).toEqual({ kind: "over", accepted: 2, rejected: [] });
});

test("another content under an id is a conflict, with its line and what differs", async () => {
  const conflict: IntakeResult = { kind: "conflict", differences: ["amount"], version: 1 };
  const parts = world(({ transactionId }) => (transactionId === "t-2" ? conflict : TAKEN));
  expect(await acceptRows(await rows(1, 2), { by: "cron" }, parts)).toMatchObject({
    accepted: 1,
    rejected: [{ line: 3, transactionId: "t-2", fault: { code: "transaction_conflict", field: "amount" } }],
  });
});

test("another merchant's row is rejected and not submitted", async () => {
  const parts = world(() => {
    throw new Error("submitted");
  });
  expect(await acceptRows(await rows(1), { by: "cron", merchantId: "other" }, parts)).toMatchObject({
    accepted: 0,
    rejected: [{ fault: { code: "merchant_foreign", field: "merchantId" } }],
  });
});

test("a row that would be refused now and was taken before counts as accepted", async () => {
  const refused: IntakeResult = { kind: "invalid", errors: [{ pointer: "/merchantId", detail: "is gone" }] };
  const read = await rows(1, 2);
  const [first] = read.flatMap((row) => ("submission" in row ? [row.submission] : []));
  const parts = world(() => refused, first === undefined ? [] : [first]);
  expect(await acceptRows(read, { by: "cron" }, parts)).toMatchObject({
    accepted: 1,
    rejected: [{ line: 3, fault: { code: "field_invalid", field: "merchantId", reason: "is gone" } }],
  });
});

test("nothing is said of rows of which the table did not take some", async () => {
  const parts = world(() => ({ kind: "unavailable", error: "throttled" }));
  expect(await acceptRows(await rows(1), { by: "cron" }, parts)).toEqual({ kind: "unavailable", error: "throttled" });
});
