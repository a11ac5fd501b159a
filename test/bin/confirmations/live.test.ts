import { describe, expect, it } from "@jest/globals";
import { ran } from "./surroundings.ts";

const panel = { help: "made up", columns: 12 };
const series = [{ label: "Confirmed", tone: "green", points: [null, 1, 2], value: 1234 }];
const alarm = { state: "ALARM", since: "2026-11-22T09:58:00.000Z", why: "2 > 0", what: "Given up." };
const live = {
  readAt: "2026-11-22T10:00:04.000Z",
  freshSeconds: 60,
  isLate: false,
  endAt: "2026-11-22T10:00:00.000Z",
  periodSeconds: 60,
  periods: 3,
  sections: [
    {
      title: "The way of a transaction",
      panels: [
        { ...panel, kind: "numbers", id: "out", title: "Out", over: "range", unit: "count", series },
        { ...panel, kind: "contributors", id: "merchants", title: "Merchants", rows: [{ name: "acme", value: 7 }] },
      ],
    },
    {
      title: "Alarms",
      panels: [
        {
          ...panel,
          kind: "alarms",
          id: "alarms",
          title: "Alarms",
          rows: [
            { ...alarm, name: "DeadLetters", runbook: { heading: "Given up", address: "docs/runbook.md#given-up" } },
            { ...alarm, name: "Quiet", state: "OK" },
          ],
        },
      ],
    },
  ],
};

describe("live", () => {
  it("shows the newest numbers and the alarms that are on", async () => {
    const { code, stdout, asked } = await ran(["live"], () => ({ body: live }));
    expect([code, asked.map(({ method, path }) => `${method} ${path}`)]).toEqual([0, ["GET /prod/v1/live"]]);
    expect(stdout).toMatch(/\nOut +Confirmed +1,234\nMerchants +acme +7\n/);
    expect(stdout).toMatch(/\nDeadLetters +2026-11-22T09:58:00.000Z +docs\/runbook.md#given-up\n$/);
    expect(stdout).not.toContain("Quiet");
  });

  it("says when it was last read where CloudWatch does not answer, and that no alarm is on", async () => {
    const body = { ...live, isLate: true, sections: [] };
    const { stdout } = await ran(["live"], () => ({ body }));
    expect(stdout).toMatch(/last read +2026-11-22T10:00:04.000Z/);
    expect(stdout).toMatch(/No alarm is on\.\n$/);
  });
});
