import { describe, expect, it } from "@jest/globals";
import { type Answer, type Asked, ran } from "./surroundings.ts";

const NONE = {
  transactions: 0,
  same: 0,
  restored: 0,
  sent: 0,
  takenFromTable: 0,
  takenFromStream: 0,
  takenFromJournal: 0,
  takenFromManifests: 0,
  unknown: 0,
  expired: 0,
  refused: 0,
  skipped: 0,
};
const counts = { ...NONE, transactions: 12, same: 3, restored: 4, sent: 1, takenFromJournal: 5 };
const counting = {
  jobId: "r-1",
  state: "counting",
  fromTable: "Transactions-restored",
  restoredTo: "2026-11-22T10:00:00.000Z",
  damagedAt: "2026-11-22T12:00:00.000Z",
  sources: ["stream", "journal", "manifests"],
  reason: "why not",
  ratePerSecond: 1000,
  requestedBy: "ada",
  createdAt: "2026-11-22T13:00:00.000Z",
  isApplied: false,
  counts: NONE,
};
const counted = { ...counting, state: "counted", isStreamWhole: false, timeToLive: "off", plan: counts, counts };
const unsure = { ...counts, unknown: 2 };
const applied = { ...counted, state: "running", startedAt: "2026-11-22T13:05:00.000Z", isApplied: true, counts };
const left = { ...applied, counts: unsure };
const { fromTable: _table, ...ofDecision } = counting;
const decision = {
  ...ofDecision,
  jobId: "d-1",
  state: "done",
  decides: "r-1",
  decision: "send",
  counts: { ...NONE, decided: 2 },
};
const asks = (asked: readonly Asked[]) =>
  asked.map(({ method, path, body }) => [
    method,
    path.replace("/prod/v1", ""),
    body === "" ? undefined : JSON.parse(body),
  ]);
/** One after the other, the last again and again. */
const answering = (...bodies: readonly object[]): (() => Answer) => {
  let next = 0;
  return () => ({ body: bodies[Math.min(next++, bodies.length - 1)] });
};

describe("restore", () => {
  it("plans, waits for the plan, and says what comes next", async () => {
    const line = ["restore", "plan", "--from-table", "Transactions-restored", "--damaged-at", "2026-11-22T12:00:00Z"];
    const { code, stdout, asked } = await ran(
      [...line, "--without", "stream, manifests"],
      answering(counting, counted),
    );
    expect(code).toBe(0);
    expect(asks(asked)).toEqual([
      [
        "POST",
        "/restores",
        {
          fromTable: "Transactions-restored",
          damagedAt: "2026-11-22T12:00:00Z",
          without: ["stream", "manifests"],
          reason: "restored by hand",
          ratePerSecond: 1000,
        },
      ],
      ["GET", "/restores/r-1", undefined],
    ]);
    expect(stdout).toMatch(/^from the journal +5$/m);
    expect(stdout).toMatch(/^time to live +off until it is over$/m);
    expect(stdout).toContain("No row is written yet. If that is right: npx confirmations restore apply r-1");
  });

  it("applies, waits for it, and fails while somebody has to decide", async () => {
    const whole = await ran(["restore", "apply", "r-1"], answering({ ...counted, state: "running" }, applied));
    expect([whole.code, asks(whole.asked)]).toEqual([
      0,
      [
        ["POST", "/restores/r-1/apply", undefined],
        ["GET", "/restores/r-1", undefined],
      ],
    ]);
    expect(whole.stdout).toContain("The table is restored.");
    const unknown = await ran(["restore", "apply", "r-1"], answering(left));
    expect(unknown.code).toBe(1);
    expect(unknown.stdout).toContain("npx confirmations restore unknown r-1");
  });

  it("decides by id first, and then about all that is left", async () => {
    const line = ["restore", "apply", "r-1", "--unknown", "send", "--confirmed", "t-1, t-2", "--why", "acme has two"];
    const { code, stdout, asked } = await ran([...line, "--json"], answering(left, decision));
    expect(asks(asked)).toEqual([
      ["POST", "/restores/r-1/apply", undefined],
      [
        "POST",
        "/restores/r-1/decisions",
        { decision: "confirmed", transactionIds: ["t-1", "t-2"], reason: "acme has two" },
      ],
      ["POST", "/restores/r-1/decisions", { decision: "send", reason: "acme has two" }],
    ]);
    expect([code, JSON.parse(stdout)]).toEqual([0, { restore: left, decisions: [decision, decision] }]);
  });

  it("lists all that is unknown, page by page", async () => {
    const item = { transactionId: "t-1", version: 3, merchantId: "acme", state: "undecided" };
    const { stdout, asked } = await ran(
      ["restore", "unknown", "r-1"],
      answering({ items: [item], nextCursor: "c" }, { items: [{ ...item, transactionId: "t-2" }] }),
    );
    expect(asks(asked).map(([, path]) => path)).toEqual([
      "/restores/r-1/undecided?limit=100",
      "/restores/r-1/undecided?limit=100&cursor=c",
    ]);
    expect(stdout).toMatch(/^t-1 +3 +acme .*undecided$/m);
    expect(stdout).toMatch(/^t-2 /m);
  });

  it.each(["pause", "resume", "cancel"])("%s is the act of the API", async (verb) => {
    const { asked } = await ran(["restore", verb, "r-1"], answering(counted));
    expect(asks(asked)).toEqual([["POST", `/restores/r-1/${verb}`, undefined]]);
  });

  it("list shows the newest first with decisions, get one, and watch one until it is planned", async () => {
    const list = await ran(["restore", "list"], answering({ items: [decision, counted] }));
    expect(list.stdout).toMatch(/d-1 .* done .* decides r-1 .* ada .* why not/);
    const get = await ran(["restore", "get", "r-1", "--json"], answering(counted));
    expect(JSON.parse(get.stdout)).toEqual(counted);
    const watch = await ran(["restore", "watch", "r-1"], answering(counting, counting, counted));
    expect([watch.code, watch.asked.length]).toEqual([0, 3]);
  });

  it.each<[string[], string]>([
    [["plan", "--from-table", "x", "--rate", "0"], '--rate is "0", expected a whole number from 1 to 10000.\n'],
    [
      ["plan", "--from-table", "x", "--without", "memory"],
      '--without is "memory", expected one of stream, journal, manifests.\n',
    ],
    [["apply", "r-1", "--unknown", "perhaps"], '--unknown is "perhaps", expected one of send, confirmed.\n'],
  ])("refuses %j", async (line, stderr) => {
    expect(await ran(["restore", ...line])).toMatchObject({ code: 2, stderr, asked: [] });
  });
});
