import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { CampaignSeries } from "../../../core/aws/read-campaigns.ts";
import type { CampaignRange } from "../../../core/campaigns/campaign-range.ts";
import { CAMPAIGN_STEPS } from "../../../core/campaigns/campaign.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { transactionsWorld, type World } from "./transactions-world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FROM_MS = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 2 * HOUR_MS;
const instant = (ms: number) => new Date(ms).toISOString();
const [FROM, TO] = [instant(FROM_MS), instant(FROM_MS + HOUR_MS)];
const token = { scopes: "transactions:read" };

let world: World;
let asked: { readonly labels: readonly string[]; readonly range: CampaignRange }[];
beforeAll(async () => {
  world = await transactionsWorld();
}, patienceMs(60_000));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
let span = 0;
/** Another one each time: what was read of it before is kept. */
let query = "";
beforeEach(() => {
  span += 1;
  query = `from=${instant(FROM_MS - span * MINUTE_MS)}&to=${TO}`;
  asked = [];
  world.readCampaigns = async (labels, range) => {
    asked.push({ labels, range });
    return labels.flatMap((label): readonly CampaignSeries[] =>
      CAMPAIGN_STEPS.map((step, index) => ({
        label,
        channel: "webhook",
        step,
        counts:
          label === "reminder"
            ? new Map([
                [FROM_MS + MINUTE_MS, 10 - index],
                [FROM_MS, 1],
              ])
            : new Map(),
      })),
    );
  };
});

const get = (path: string, by: object = token) => world.ask("GET", path, { token: by });

describe("the campaigns", () => {
  it("are the registered labels and other, each with its totals", async () => {
    const { status, body } = await get(`/campaigns?${query}`);
    const none = { sent: 0, delivered: 0, failed: 0, acknowledged: 0 };
    expect([status, body]).toEqual([
      200,
      {
        from: expect.any(String),
        to: TO,
        items: [
          { label: "spring-sale", ...none },
          { label: "reminder", sent: 11, delivered: 10, failed: 9, acknowledged: 8 },
          { label: "other", ...none },
        ],
        consistency: "eventual",
      },
    ]);
  });

  it("are read once in a minute", async () => {
    await get(`/campaigns?${query}`);
    await get(`/campaigns?${query}`);
    await get(`/campaigns/reminder?${query}`);
    expect(asked.map(({ labels }) => labels)).toEqual([["spring-sale", "reminder", "other"], ["reminder"]]);
  });

  it("are of the last day unless another time is asked for", async () => {
    await get("/campaigns");
    const { fromMs, toMs } = asked[0]?.range ?? { fromMs: 0, toMs: 0 };
    expect((toMs - fromMs) / MINUTE_MS).toBeGreaterThanOrEqual(24 * 60);
    expect((toMs - fromMs) / MINUTE_MS).toBeLessThanOrEqual(24 * 60 + 15);
  });

  it("are asked for again where CloudWatch did not answer", async () => {
    const { readCampaigns } = world;
    world.readCampaigns = () => Promise.reject(new Error("throttled"));
    expect((await get(`/campaigns?${query}`)).status).toBeGreaterThanOrEqual(500);
    world.readCampaigns = readCampaigns;
    expect((await get(`/campaigns?${query}`)).status).toBe(200);
  });
});

describe("a campaign", () => {
  it("is shown by channel and over time, oldest first, with its totals", async () => {
    const { status, body } = await get(`/campaigns/reminder?${query}`);
    const totals = { sent: 11, delivered: 10, failed: 9, acknowledged: 8 };
    expect([status, body]).toEqual([
      200,
      {
        label: "reminder",
        from: expect.any(String),
        to: TO,
        periodSeconds: 60,
        ...totals,
        channels: [
          {
            channel: "webhook",
            ...totals,
            points: [
              { at: FROM, sent: 1, delivered: 1, failed: 1, acknowledged: 1 },
              { at: instant(FROM_MS + MINUTE_MS), sent: 10, delivered: 9, failed: 8, acknowledged: 7 },
            ],
          },
        ],
        consistency: "eventual",
      },
    ]);
  });

  it("is not there where its label is not registered, but for other", async () => {
    expect((await get(`/campaigns/autumn?${query}`)).status).toBe(404);
    expect((await get(`/campaigns/other?${query}`)).status).toBe(200);
    const { code, detail, errors } = (await get(`/campaigns/No-Label?${query}`)).body;
    expect(code).toBe("API_PARAMETER_INVALID");
    expect(errors).toEqual([{ pointer: "label", detail: expect.stringMatching(/^expected /) }]);
    expect(detail).toMatch(/^label: expected /);
  });

  it.each([
    ["ends before it begins", `from=${TO}&to=${FROM}`],
    ["is no time", "from=yesterday"],
    ["is before what is kept", `from=2020-01-01T00:00:00Z&to=${TO}`],
  ])("cannot be asked for over a time that %s", async (_, wrong) => {
    const { status, body } = await get(`/campaigns/reminder?${wrong}`);
    expect([status, body["code"]]).toEqual([400, "API_PARAMETER_INVALID"]);
  });

  it("is for nobody who is narrowed to a merchant", async () => {
    for (const path of ["/campaigns", "/campaigns/reminder"]) {
      expect((await get(path, { ...token, merchantId: "acme" })).body["code"]).toBe("API_TOKEN_NARROWED");
      expect((await get(path, { scopes: "merchants:read" })).body["code"]).toBe("API_SCOPE_MISSING");
    }
  });
});

describe("the label of a submission", () => {
  const content = {
    merchantId: "acme",
    outcome: "APPROVED",
    amount: "12.50",
    currency: "EUR",
    occurredAt: "2026-11-22T10:00:00Z",
  };
  const writer = { scopes: "transactions:read transactions:write" };
  const submit = (body: object) => world.ask("POST", "/transactions", { body, token: writer });
  const labelOf = async (id: string) =>
    (await world.ask("GET", `/transactions/${id}`, { token: writer })).body["campaign"];

  it("is kept on the row and shown, and it is the same submission with another one or none", async () => {
    const submission = { transactionId: "labelled", ...content };
    expect((await submit({ ...submission, campaign: "reminder" })).status).toBe(201);
    expect(await labelOf("labelled")).toBe("reminder");
    for (const other of [{ ...submission, campaign: "autumn" }, submission]) {
      expect((await submit(other)).status).toBeLessThan(300);
    }
    expect(await labelOf("labelled")).toBe("reminder");
  });

  it("comes and goes with a version, and alone it raises none", async () => {
    const replace = (version: number, body: object) =>
      world.ask("PUT", "/transactions/raised", { body, headers: { "if-match": `"${version}"` }, token: writer });
    await submit({ transactionId: "raised", ...content, campaign: "reminder" });
    expect((await replace(1, { ...content, campaign: "spring-sale" })).body).toMatchObject({ version: 1 });
    expect((await replace(1, { ...content, outcome: "REFUNDED", campaign: "spring-sale" })).body).toMatchObject({
      version: 2,
    });
    expect(await labelOf("raised")).toBe("spring-sale");
    await replace(2, { ...content, outcome: "REJECTED" });
    expect(await labelOf("raised")).toBeUndefined();
  });

  it.each(["", "Spring", "spring sale", "1st", "x".repeat(33), 7])("is refused where it is %j", async (campaign) => {
    const { status, body } = await submit({ transactionId: "wrong", ...content, campaign });
    expect([status, body["code"]]).toEqual([422, "API_BODY_INVALID"]);
  });
});
