import { describe, expect, it } from "@jest/globals";
import { type Answer, ran } from "./surroundings.ts";

const running = {
  jobId: "j-1",
  state: "running",
  reason: "why not",
  ratePerSecond: 200,
  requestedBy: "ada",
  since: "2026-11-22T10:00:05.000Z",
  createdAt: "2026-11-22T10:00:00.000Z",
  counts: { transactions: 3, published: 1, skipped: 0 },
};
const done = {
  ...running,
  state: "done",
  doneAt: "2026-11-22T10:01:00.000Z",
  counts: { transactions: 3, published: 3, skipped: 0 },
};
/** One after the other, the last again and again. */
const answering = (...bodies: readonly object[]): (() => Answer) => {
  let next = 0;
  return () => ({ body: bodies[Math.min(next++, bodies.length - 1)] });
};

describe("events resync", () => {
  it("asks for a resync, and says how to follow it", async () => {
    const line = ["events", "resync", "--audience", "orders", "--merchant", "acme", "--rate", "7", "--why", "down"];
    const { code, stdout, asked } = await ran(line, answering(running));
    expect([code, asked.map(({ method, path }) => `${method} ${path}`)]).toEqual([0, ["POST /prod/v1/resyncs"]]);
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
      reason: "down",
      ratePerSecond: 7,
      merchantId: "acme",
      audience: "orders",
    });
    expect(stdout).toContain("npx confirmations events watch j-1");
  });

  it("waits for its end", async () => {
    const { code, stdout, asked } = await ran(["events", "resync", "--wait"], answering(running, running, done));
    expect([code, asked.length]).toEqual([0, 3]);
    expect(stdout).toMatch(/published +3/);
  });
});

describe("a resync", () => {
  it.each(["resume", "cancel"])("can be told to %s", async (verb) => {
    const { asked } = await ran(["events", verb, "j-1"], answering(running));
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([`POST /prod/v1/resyncs/j-1/${verb}`]);
  });

  it("is shown, and followed; one that was canceled is no success", async () => {
    const get = await ran(["events", "get", "j-1", "--json"], answering(running));
    expect(JSON.parse(get.stdout)).toMatchObject({ jobId: "j-1" });
    const watch = await ran(["events", "watch", "j-1"], answering(running, { ...done, state: "canceled" }));
    expect(watch.code).toBe(1);
  });
});
