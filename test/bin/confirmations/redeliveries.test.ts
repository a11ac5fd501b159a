import { describe, expect, it } from "@jest/globals";
import { type Answer, type Asked, ran } from "./surroundings.ts";

const counts = { matched: 3, sent: 0, delivered: 0, failed: 0, waiting: 0, superseded: 0, skipped: 1 };
const shown = {
  jobId: "j-1",
  state: "running",
  filter: { merchantId: "acme" },
  merchantId: "acme",
  reason: "why not",
  ratePerSecond: 50,
  requestedBy: "ada",
  asOf: "2026-11-22T10:00:00.000Z",
  createdAt: "2026-11-22T10:00:00.000Z",
  counts: { ...counts, skippedBy: { pending: 1 } },
};
const counted = { ...shown, state: "counted", count: 2, sample: ["t-1", "t-2"] };
const done = { ...shown, state: "done", doneAt: "2026-11-22T10:01:00.000Z" };
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

describe("redeliver", () => {
  it("sends by id at once", async () => {
    const { code, stdout, asked } = await ran(["redeliver", "t-1", "t-2", "--why", "lost"], answering(shown));
    expect(code).toBe(0);
    expect(asks(asked)).toEqual([
      [
        "POST",
        "/redeliveries",
        { filter: { transactionIds: ["t-1", "t-2"] }, reason: "lost", ratePerSecond: 50, dryRun: false },
      ],
    ]);
    expect(stdout).toContain("npx confirmations redeliveries watch j-1");
  });

  it("counts what a filter matches, and says how to send it", async () => {
    const line = ["redeliver", "--merchant", "acme", "--status", "confirmed", "--from", "2026-11-22T00:00:00Z"];
    const { code, stdout, asked } = await ran(
      [...line, "--rate", "7"],
      answering({ ...shown, state: "counting" }, counted),
    );
    expect(code).toBe(0);
    expect(asks(asked)).toEqual([
      [
        "POST",
        "/redeliveries",
        {
          filter: { merchantId: "acme", state: "CONFIRMED", from: "2026-11-22T00:00:00Z" },
          reason: "sent again by hand",
          ratePerSecond: 7,
          dryRun: true,
        },
      ],
      ["GET", "/redeliveries/j-1", undefined],
    ]);
    expect(stdout).toMatch(/^would send +2$/m);
    expect(stdout).toMatch(/^skipped +1: 1 pending$/m);
    expect(stdout).toContain("Nothing is sent yet. If that is right: npx confirmations redeliveries start j-1");
  });

  it("sends what a filter matches at once with --yes, waits with --wait, and fails where some failed", async () => {
    const failed = { ...done, counts: { ...shown.counts, sent: 2, failed: 1 } };
    const line = ["redeliver", "--status", "FAILED", "--reason", "expired", "--yes", "--wait", "--json"];
    const { code, stdout, asked } = await ran(line, answering(shown, shown, failed));
    expect(asks(asked)[0]).toEqual([
      "POST",
      "/redeliveries",
      {
        filter: { state: "FAILED", reason: "expired" },
        reason: "sent again by hand",
        ratePerSecond: 50,
        dryRun: false,
      },
    ]);
    expect([code, JSON.parse(stdout)]).toEqual([1, failed]);
  });

  it.each<[string[], string]>([
    [[], "Expected ids of transactions, --merchant, or --status FAILED.\n"],
    [["t-1", "--merchant", "acme"], "Expected ids of transactions, or a filter, one of them.\n"],
    [["--merchant", "acme", "--state", "FAILED"], "--state is a directory; expected --status FAILED.\n"],
    [["--merchant", "acme", "--rate", "0"], '--rate is "0", expected a whole number from 1 to 1000.\n'],
  ])("refuses %j", async (line, stderr) => {
    expect(await ran(["redeliver", ...line])).toMatchObject({ code: 2, stderr, asked: [] });
  });
});

describe("redeliveries", () => {
  it.each(["start", "pause", "resume", "cancel"])("%s is the act of the API", async (verb) => {
    const { code, asked } = await ran(["redeliveries", verb, "j-1"], answering(shown));
    expect([code, asks(asked)]).toEqual([0, [["POST", `/redeliveries/j-1/${verb}`, undefined]]]);
  });

  it("list shows the newest first, get one, and watch one to its end", async () => {
    const list = await ran(["redeliveries", "list", "--merchant", "acme"], answering({ items: [shown] }));
    expect(asks(list.asked)).toEqual([["GET", "/redeliveries?merchantId=acme", undefined]]);
    expect(list.stdout).toMatch(/j-1 .* running .* acme .* ada .* why not/);
    const get = await ran(["redeliveries", "get", "j-1", "--json"], answering(shown));
    expect(JSON.parse(get.stdout)).toEqual(shown);
    const watch = await ran(["redeliveries", "watch", "j-1"], answering(shown, shown, done));
    expect([watch.code, watch.asked.length]).toEqual([0, 3]);
    expect(watch.stdout).toMatch(/^state +done$/m);
  });
});
