/** Which steps count as in flight when a worker ends. */
import { expect, test } from "@jest/globals";
import { InFlightSteps, unrecorded } from "../../../tools/chaos/run/channels/in-flight-steps.ts";
import type { RecipientRow } from "../../../tools/chaos/run/channels/recipient-row.ts";
import type { BookedSend } from "../../../tools/chaos/run/channels/send-book.ts";
import type { SentStep } from "../../../tools/chaos/run/channels/sent-step.ts";
import { delivery } from "./deliveries.ts";

const MAIL: SentStep = { transactionId: "t-1", version: 1, kind: "email", atMs: 5 };
const ROW: RecipientRow = {
  transactionId: "t-1",
  merchantId: "told-by-mail",
  version: 1,
  state: "PENDING",
  steps: { done: [{ channel: "web", result: "failed" }], current: { channel: "mail", isKnown: false } },
  attempts: [{ channel: "web", outcome: "status_5xx" }],
};

test("what is out and not on its row is in flight: an intent alone says nothing", () => {
  expect(unrecorded(ROW, [MAIL])).toEqual([MAIL]);
  const attempts = [{ channel: "mail", outcome: "uncertain" }];
  expect(unrecorded({ ...ROW, attempts }, [MAIL])).toEqual([MAIL]);
});

test.each<[string, RecipientRow | undefined]>([
  ["the row is confirmed", { ...ROW, state: "CONFIRMED" }],
  ["the step is done", { ...ROW, steps: { done: [{ channel: "mail", result: "delivered" }] } }],
  ["the row waits for its receipt", { ...ROW, steps: { done: [], current: { channel: "mail", isKnown: true } } }],
  ["its attempt is recorded", { ...ROW, attempts: [{ channel: "mail", outcome: "sent" }] }],
  ["the row has a newer version", { ...ROW, version: 2 }],
  ["nothing arrives there", { ...ROW, merchantId: "told-by-sms" }],
  ["there is no such row", undefined],
])("nothing is in flight where %s", (_, row) => {
  expect(unrecorded(row, [MAIL])).toEqual([]);
});

test("of several the newest are in flight, as many as the row does not have", () => {
  const acknowledging = { ...ROW, merchantId: "acknowledges-never" };
  const calls = [3, 1, 2].map((atMs): SentStep => ({ ...MAIL, kind: "webhook", atMs }));
  const attempts = ["unacknowledged", "accepted"].map((outcome) => ({ channel: "web", outcome }));
  const { steps: _, ...row } = acknowledging;
  expect(unrecorded({ ...row, attempts }, calls).map(({ atMs }) => atMs)).toEqual([3]);
});

function inFlight(rows: readonly RecipientRow[], ledger: ReturnType<typeof delivery>[] = []) {
  const carriedOut: BookedSend[] = [
    { transactionId: "t-1", version: 1, service: "email", carriedOutAtMs: Date.now(), isTold: true },
  ];
  return new InFlightSteps({
    sends: { carriedOut, open: 0 },
    fleet: { ledger: async () => ledger },
    rowsOf: async () => new Map(rows.map((row) => [row.transactionId, row])),
    isStopped: () => false,
  });
}

test("a killed worker may cost what was in flight, once", async () => {
  const steps = inFlight([ROW]);
  expect(await steps.workerEnded(true)).toBe(1);
  expect(await steps.workerEnded(true)).toBe(0);
  expect(steps.allowed).toMatchObject([{ transactionId: "t-1", kind: "email" }]);
});

test("a worker that was asked to stop and could write may cost nothing", async () => {
  const steps = inFlight([ROW]);
  expect(await steps.workerEnded(false)).toBe(1);
  expect(steps.allowed).toEqual([]);
});

test("webhooks count by what their merchants responded, those of other merchants not at all", async () => {
  const { steps: _, ...bare } = ROW;
  const row: RecipientRow = { ...bare, transactionId: "t-2", merchantId: "acknowledges", attempts: [] };
  const answered = { transactionId: "t-2", responseStatus: 202, respondedAtMs: Date.now() };
  const calls = ["acknowledges", "good-1"].map((merchantId) => delivery(1, { ...answered, merchantId }));
  const ended = inFlight([{ ...ROW, state: "CONFIRMED" }, row], calls);
  expect(await ended.workerEnded(true)).toBe(1);
  expect(ended.allowed).toMatchObject([{ transactionId: "t-2", kind: "webhook" }]);
});
