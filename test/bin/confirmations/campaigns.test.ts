import { describe, expect, it } from "@jest/globals";
import { ran } from "./surroundings.ts";

const range = { from: "2026-11-21T10:00:00.000Z", to: "2026-11-22T10:15:00.000Z", consistency: "eventual" };
const counts = { sent: 12, delivered: 9, failed: 1, acknowledged: 4 };
const none = { sent: 0, delivered: 0, failed: 0, acknowledged: 0 };
const campaigns = {
  ...range,
  items: [
    { label: "reminder", ...counts },
    { label: "other", ...none },
  ],
};
const point = { at: "2026-11-22T09:00:00.000Z", ...counts };
const campaign = {
  label: "reminder",
  ...range,
  periodSeconds: 900,
  ...counts,
  channels: [{ channel: "webhook", ...counts, points: [point] }],
};
const pathsOf = (asked: readonly { readonly method: string; readonly path: string }[]) =>
  asked.map(({ method, path }) => `${method} ${path}`);

describe("campaigns", () => {
  it("shows each label with its counts", async () => {
    const { code, stdout, asked } = await ran(["campaigns"], () => ({ body: campaigns }));
    expect([code, pathsOf(asked)]).toEqual([0, ["GET /prod/v1/campaigns"]]);
    expect(stdout).toMatch(
      /CAMPAIGN +SENT +DELIVERED +FAILED +ACKNOWLEDGED\nreminder +12 +9 +1 +4\nother +0 +0 +0 +0\n$/,
    );
  });

  it("says where labels are registered if none is", async () => {
    const { stdout } = await ran(["campaigns"], () => ({ body: { ...range, items: [] } }));
    expect(stdout).toMatch(/^No label is registered: the setting campaigns/);
  });

  it("shows one by channel and over time", async () => {
    const line = ["campaigns", "reminder", "--from", "2026-11-21T10:00:00Z", "--to", "2026-11-22T10:00:00Z"];
    const { code, stdout, asked } = await ran(line, () => ({ body: campaign }));
    const query = "from=2026-11-21T10%3A00%3A00Z&to=2026-11-22T10%3A00%3A00Z";
    expect([code, pathsOf(asked)]).toEqual([0, [`GET /prod/v1/campaigns/reminder?${query}`]]);
    expect(stdout).toMatch(/\n2026-11-22T09:00:00.000Z +webhook +12 +9 +1 +4\nin all +webhook +12 +9 +1 +4\n$/);
  });

  it("gives it as JSON", async () => {
    const { stdout } = await ran(["campaigns", "reminder", "--json"], () => ({ body: campaign }));
    expect(JSON.parse(stdout)).toEqual(campaign);
  });

  it("refuses what is no label before anybody is asked", async () => {
    const { code, stderr, asked } = await ran(["campaigns", "Spring Sale"]);
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(stderr).toMatch(/^The label is "Spring Sale", expected 1 to 32 of a-z/);
  });
});
