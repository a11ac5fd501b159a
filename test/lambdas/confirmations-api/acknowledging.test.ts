import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { METRICS } from "../../../core/settings/names.ts";
import { writeAccepted } from "../../../core/transaction/accepted.ts";
import { writeAcknowledgement } from "../../../core/transaction/row/acknowledgement.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { type Changes, contentIn, number, text, transactionRow } from "../../support/rows.ts";
import { transactionsWorld, type World } from "./transactions-world.ts";

const UNTIL = 1_795_341_600_000;

let world: World;
let counter = 0;
let id = "";
beforeAll(async () => {
  world = await transactionsWorld();
}, patienceMs(60_000));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
beforeEach(() => {
  id = `t-${(counter += 1)}`;
});

const ACME = { merchantId: text("acme") };
const attempt = { at: number(UNTIL - 300_000), durationMs: number(5), outcome: text("accepted"), status: number(202) };
const put = (changes: Changes = {}) =>
  world.dynamodb.put(
    transactionRow({
      transactionId: text(id),
      ...ACME,
      confirmationState: text("SCHEDULED"),
      stateVersion: number(1),
      attemptCount: number(1),
      attempts: { L: [{ M: attempt }] },
      accepted: writeAccepted(1, contentIn(transactionRow(ACME))),
      waitingFor: text("acknowledgement"),
      dueKey: text("T#0"),
      dueAt: number(UNTIL),
      ...changes,
    }),
  );
const scopes = "transactions:acknowledge transactions:read";
const acknowledge = (body: unknown = { version: 1 }, token: object = {}) =>
  world.ask("POST", `/transactions/${id}/acknowledgement`, { body, token: { scopes, ...token } });
const look = async () => (await world.ask("GET", `/transactions/${id}`, { token: { scopes } })).body;

describe("acknowledging a transaction", () => {
  it("confirms it, and says so by whom and when", async () => {
    await put();
    expect(await look()).toMatchObject({
      state: "SCHEDULED",
      waitingFor: "acknowledgement",
      nextAttemptAt: new Date(UNTIL).toISOString(),
      explanation: expect.stringMatching(/^Waits until 2026-.* for its merchant, which answered 202/),
    });
    const { status, body } = await acknowledge({ version: 1 }, { subject: "their-program", merchantId: "acme" });
    expect([status, body]).toEqual([
      200,
      { transactionId: id, version: 1, state: "CONFIRMED", recordedAt: expect.any(String) },
    ]);
    expect((await world.dynamodb.get(id))?.["acknowledged"]?.M?.["by"]).toEqual(text("their-program"));
    const acknowledgedAt = String(body["recordedAt"]);
    const explanation = `Delivered: its merchant acknowledged it at ${acknowledgedAt}, after 1 attempt.`;
    expect(await look()).toMatchObject({ state: "CONFIRMED", acknowledgedAt, explanation });
  });

  it("gets the same answer again, and is counted once", async () => {
    world.counted.length = 0;
    await put();
    const first = await acknowledge();
    const again = await acknowledge();
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(world.counted).toEqual([METRICS.acknowledged]);
  });

  it("counts for whose it is, whoever says so", async () => {
    world.counted.length = 0;
    const OTHER = { merchantId: text("other") };
    await put({ ...OTHER, accepted: writeAccepted(1, contentIn(transactionRow(OTHER))) });
    expect((await acknowledge({ version: 1 }, { subject: "operator" })).status).toBe(200);
    expect(world.counted).toEqual([METRICS.sandboxConfirmed]);
  });

  it("confirms what was given up, and that is shown as no failure any more", async () => {
    const failure = { M: { code: text("unacknowledged"), fault: text("merchant"), reason: text("why") } };
    await put({ confirmationState: text("FAILED"), failure, dueKey: undefined, waitingFor: undefined });
    expect((await acknowledge()).status).toBe(200);
    expect(await look()).toEqual(expect.not.objectContaining({ failure: expect.anything() }));
  });

  it.each<[string, Changes, unknown, object, number, string]>([
    ["another merchant's", {}, { version: 1 }, { merchantId: "other" }, 404, "API_NOT_FOUND"],
    ["a version that it has not", {}, { version: 2 }, {}, 404, "API_NOT_FOUND"],
    ["an older version", { version: number(2) }, { version: 1 }, {}, 409, "API_ACKNOWLEDGEMENT_CONFLICT"],
    ["what was not sent yet", { accepted: undefined }, { version: 1 }, {}, 409, "API_ACKNOWLEDGEMENT_CONFLICT"],
    ["what is another content now", { amount: text("1") }, { version: 1 }, {}, 409, "API_ACKNOWLEDGEMENT_CONFLICT"],
    ["no version", {}, {}, {}, 422, "API_BODY_INVALID"],
    ["more than a version", {}, { version: 1, state: "FAILED" }, {}, 422, "API_BODY_INVALID"],
    ["it without the scope", {}, { version: 1 }, { scopes: "transactions:write" }, 403, "API_SCOPE_MISSING"],
  ])("refuses %s, and leaves the row as it is", async (_, changes, body, token, status, code) => {
    await put(changes);
    const before = await world.dynamodb.get(id);
    const answer = await acknowledge(body, token);
    expect([answer.status, answer.body["code"]]).toEqual([status, code]);
    expect(await world.dynamodb.get(id)).toEqual(before);
  });

  it("refuses what there is not as it refuses what is another's", async () => {
    const unknown = await acknowledge({ version: 1 }, { merchantId: "other" });
    await put();
    const foreign = await acknowledge({ version: 1 }, { merchantId: "other" });
    expect(foreign.body["detail"]).toEqual(unknown.body["detail"]);
  });

  it("is not shown for a version that came after", async () => {
    await put({ version: number(2), acknowledged: writeAcknowledgement({ version: 1, at: 5, by: "callback" }) });
    expect(await look()).toEqual(expect.not.objectContaining({ acknowledgedAt: expect.anything() }));
  });
});

describe("a merchant that acknowledges", () => {
  const asMerchant = { token: { scopes: "merchants:read merchants:write" } };
  const register = (acknowledgement: unknown) =>
    world.ask("POST", "/merchants", {
      body: { merchantId: id, confirmationUrl: "https://shop.example/hook", acknowledgement },
      ...asMerchant,
    });
  const change = (acknowledgement: unknown) =>
    world.ask("PATCH", `/merchants/${id}`, { body: { acknowledgement }, ...asMerchant });

  it("has the time that it asks for, or what the settings say", async () => {
    const { status, body } = await register({});
    expect([status, body["acknowledgement"]]).toEqual([201, { withinSeconds: 300 }]);
    expect((await register({ withinSeconds: 300 })).status).toBe(201);
    expect((await register({ withinSeconds: 60 })).body["differences"]).toEqual(["acknowledgement"]);
    expect((await change({ withinSeconds: 60 })).body["acknowledgement"]).toEqual({ withinSeconds: 60 });
    expect((await change(null)).body).not.toHaveProperty("acknowledgement");
    expect((await change({})).body["acknowledgement"]).toEqual({ withinSeconds: 300 });
  });

  it.each([
    [{ withinSeconds: 0 }, "/acknowledgement/withinSeconds"],
    [{ withinSeconds: 1.5 }, "/acknowledgement/withinSeconds"],
    [{ withinSeconds: 3601 }, "/acknowledgement/withinSeconds"],
    [{ withinSeconds: 604_801 }, "/acknowledgement/withinSeconds"],
    [{ url: "x" }, "/acknowledgement/url"],
    [true, "/acknowledgement"],
  ])("is refused with %j, in a patch too", async (acknowledgement, pointer) => {
    const refused = [422, [expect.objectContaining({ pointer })]];
    const { status, body } = await register(acknowledgement);
    expect([status, body["errors"]]).toEqual(refused);
    await register({});
    const patched = await change(acknowledgement);
    expect([patched.status, patched.body["errors"]]).toEqual(refused);
  });
});
