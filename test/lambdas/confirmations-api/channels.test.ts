import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { writeSteps } from "../../../core/transaction/row/steps.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { text, transactionRow } from "../../support/rows.ts";
import { transactionsWorld, type World } from "./transactions-world.ts";

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
  id = `c-${(counter += 1)}`;
  world.calls.length = 0;
});

const scopes = "merchants:read merchants:write operations:write audit:read transactions:read";
const url = "https://shop.example/hook";
type More = Parameters<World["ask"]>[2];
const ask = (method: string, path: string, more: More = {}) =>
  world.ask(method, path, { ...more, token: { scopes, ...more.token } });
const register = (content: object = {}) =>
  ask("POST", "/merchants", { body: { merchantId: id, confirmationUrl: url, ...content } });
const patch = (body: object) => ask("PATCH", `/merchants/${id}`, { body });
const merchant = async () => (await ask("GET", `/merchants/${id}`)).body as Record<string, unknown>;
const rowOf = async () =>
  (await world.dynamodb.client.send(new GetItemCommand({ TableName: "Merchants", Key: { merchantId: { S: id } } })))
    .Item;
const explain = (body: object, more: More = {}) => ask("POST", `/merchants/${id}/channels/explain`, { body, ...more });
async function entries() {
  const { body } = await ask("GET", `/audit-log?resource=${encodeURIComponent(`merchants/${id}`)}`);
  return (body as Record<string, unknown>)["items"] as Record<string, unknown>[];
}

const pointersIn = (body: Record<string, unknown>) =>
  (body["errors"] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted();

const web = { id: "web", kind: "webhook" };
const mail = { id: "mail", kind: "email", to: "shop@merchant.example", template: "confirmed" };
const phone = { id: "phone", kind: "sms", to: "+5511987654321", template: "confirmed" };
const agreed = { ...phone, when: { consent: { given: true } } };

describe("channels of a merchant", () => {
  it("are written with it and shown as they were given, with the plan", async () => {
    const { status, body } = await register({ channels: [web, mail] });
    expect([status, body["channels"], body["plan"]]).toEqual([201, [web, mail], "fallback"]);
    expect(await merchant()).toMatchObject({ channels: [web, mail], plan: "fallback" });
    expect((await rowOf())?.["channels"]?.L).toHaveLength(2);
    expect(await rowOf()).not.toHaveProperty("plan");
  });

  it("leave a merchant without any as it was", async () => {
    const { body } = await register();
    expect(body).not.toHaveProperty("channels");
    expect(body).not.toHaveProperty("plan");
    expect(await rowOf()).not.toHaveProperty("channels");
  });

  it("are changed as a whole, with the plan apart, and taken away with it", async () => {
    await register({ channels: [web, mail], plan: "all" });
    expect((await patch({ channels: [mail] })).body).toMatchObject({ channels: [mail], plan: "all" });
    expect((await patch({ plan: null })).body).toMatchObject({ channels: [mail], plan: "fallback" });
    expect((await patch({ maxConcurrency: 4 })).body).toMatchObject({ channels: [mail], maxConcurrency: 4 });
    await patch({ plan: "all" });
    const { body } = await patch({ channels: null });
    expect(body).not.toHaveProperty("channels");
    expect(await rowOf()).not.toHaveProperty("plan");
  });

  it("are the same where they are registered again, whatever time it is", async () => {
    expect((await register({ channels: [agreed] })).status).toBe(201);
    expect((await register({ channels: [agreed] })).status).toBe(201);
    expect(await entries()).toHaveLength(1);
    const { status, body } = await register({ channels: [agreed, mail] });
    expect([status, body["differences"]]).toEqual([409, ["channels"]]);
  });

  it("come back after a merchant was deleted and registered anew, and are gone from its tombstone", async () => {
    await register({ channels: [mail], plan: "all" });
    await ask("DELETE", `/merchants/${id}`);
    expect(await rowOf()).not.toHaveProperty("channels");
    expect((await register({ channels: [web] })).body).toMatchObject({ channels: [web], plan: "fallback" });
  });

  it("are refused with every fault of their form at once", async () => {
    const channels = [
      { ...phone, to: "11987654321" },
      { ...mail, id: "phone", template: "A b" },
      { id: "x", kind: "fax" },
    ];
    const { status, body } = await register({ channels, plan: "any" });
    expect(status).toBe(422);
    expect(pointersIn(body)).toEqual([
      "/channels/0/to",
      "/channels/1/id",
      "/channels/1/template",
      "/channels/2/kind",
      "/plan",
    ]);
  });

  it("are refused with every destination that they may not have, at once", async () => {
    const queueUrl = "https://sqs.eu-west-1.amazonaws.com/123456789012/other.fifo";
    const channels = [
      { ...web, url: "http://127.0.0.1/hook" },
      { ...phone, to: "+5511000" },
      { id: "queue", kind: "sqs", queueUrl },
      { ...mail, when: { consent: { given: true, at: "2999-01-01T00:00:00Z" } } },
    ];
    const { status, body } = await register({ confirmationUrl: "nowhere", channels });
    expect(status).toBe(422);
    expect(pointersIn(body)).toEqual([
      "/channels/0/url",
      "/channels/1/to",
      "/channels/2/queueUrl",
      "/channels/3/when/consent/at",
      "/confirmationUrl",
    ]);
    expect(await rowOf()).toBeUndefined();
  });

  it("are what a plan is of", async () => {
    expect((await register({ plan: "all" })).body["errors"]).toEqual([
      { pointer: "/plan", detail: "expected channels beside it" },
    ]);
    await register();
    expect((await patch({ plan: "all" })).body["errors"]).toEqual([
      { pointer: "/plan", detail: "expected channels beside it" },
    ]);
  });
});

describe("a webhook of its own among the channels", () => {
  const second = { ...web, url: "https://eu.shop.example/hook" };
  const origins = async () =>
    ((await merchant())["ownership"] as { origins: { origin: string; state: string }[] }).origins
      .map(({ origin, state }) => [origin, state] as const)
      .toSorted(([one], [other]) => one.localeCompare(other));

  it("is challenged and listed as the merchant's own address is", async () => {
    await register({ channels: [second] });
    expect(await origins()).toEqual([
      ["https://eu.shop.example", "challenged"],
      ["https://shop.example", "challenged"],
    ]);
    expect(world.calls).toHaveLength(2);
    expect((await entries())[0]).toMatchObject({ after: { challenges: [expect.any(String), expect.any(String)] } });
  });

  it("is challenged once it is added, and not again", async () => {
    await register();
    world.calls.length = 0;
    await patch({ channels: [second] });
    await patch({ channels: [second, mail] });
    expect([world.calls.length, await origins()]).toEqual([
      1,
      [
        ["https://eu.shop.example", "challenged"],
        ["https://shop.example", "challenged"],
      ],
    ]);
  });

  it("asks nothing of an origin that is the merchant's already", async () => {
    await register();
    await ask("POST", `/merchants/${id}/vouch`, { body: {} });
    world.calls.length = 0;
    await patch({ channels: [{ ...web, url: "https://shop.example/second" }] });
    expect([world.calls, await origins()]).toEqual([[], [["https://shop.example", "vouched"]]]);
  });
});

describe("consent", () => {
  const consent = async () =>
    ((await merchant())["channels"] as { when?: { consent?: Record<string, unknown> } }[])[0]?.when?.consent;

  it("is kept with when it was given and who wrote it", async () => {
    await register({ channels: [agreed] });
    expect(await consent()).toEqual({ given: true, at: expect.stringMatching(/^\d{4}-.*Z$/), by: "tests" });
  });

  it("is told of in the audit log, with as much of the address as tells it from another", async () => {
    await register({ channels: [agreed, { ...mail, url: undefined }] });
    await patch({ channels: [{ ...phone, when: { consent: { given: false, by: "hotline" } } }] });
    const [changed] = await entries();
    expect(changed).toMatchObject({
      action: "changeMerchant",
      before: { channels: [{ to: "+55…21", when: { consent: { given: true } } }, { to: "s…@merchant.example" }] },
      after: { channels: [{ to: "+55…21", when: { consent: { given: false, by: "hotline" } } }] },
    });
    expect(JSON.stringify(await entries())).not.toContain("98765");
  });

  it("stays withdrawn until it is given, whatever is changed", async () => {
    await register({ channels: [{ ...mail, when: { consent: { given: false } } }] });
    await patch({ channels: [mail, web] });
    expect(await consent()).toMatchObject({ given: false });
    await patch({ channels: [{ ...mail, when: { consent: { given: true } } }] });
    expect(await consent()).toMatchObject({ given: true });
  });
});

describe("asking by which channel", () => {
  const large = { ...mail, when: { amount: { min: "1000" } } };

  it("tells it of a transaction that is described, and why not by the others", async () => {
    await register({ channels: [large, web] });
    const { status, body } = await explain({ amount: "999.99", currency: "BRL", outcome: "APPROVED" });
    expect([status, body]).toEqual([
      200,
      {
        kind: "use",
        plan: "fallback",
        channel: "web",
        why: "web: it has no conditions",
        channels: [
          { id: "mail", kind: "email", state: "left out", why: "amount 999.99 BRL is below 1000" },
          { id: "web", kind: "webhook", state: "used", why: "web: it has no conditions" },
        ],
      },
    ]);
  });

  it("tells it for another time", async () => {
    const hours = { from: "08:00", to: "20:00", zone: "America/Sao_Paulo" };
    await register({ channels: [{ ...mail, when: { hours } }] });
    const { body } = await explain({ amount: "1", currency: "BRL", outcome: "APPROVED", at: "2026-11-30T03:30:00Z" });
    expect(body).toMatchObject({
      kind: "wait",
      until: "2026-11-30T11:00:00.000Z",
      channels: [{ state: "waited for" }],
    });
  });

  it("tells it of one that is there, where the token may see it", async () => {
    await register({ channels: [large, web] });
    await world.dynamodb.put(transactionRow({ transactionId: text(`t-${id}`), merchantId: text(id) }));
    expect((await explain({ transactionId: `t-${id}` })).body).toMatchObject({ kind: "use", channel: "web" });
    const blind = await explain({ transactionId: `t-${id}` }, { token: { scopes: "merchants:read" } });
    expect([blind.status, blind.body["code"]]).toEqual([403, "API_SCOPE_MISSING"]);
  });

  it("goes on from the steps that were recorded, which the transaction shows without what was answered", async () => {
    await register({ channels: [web, mail] });
    const step = { channel: "web", result: "failed", at: 1_790_000_000_000, attempts: 3 } as const;
    const steps = writeSteps({
      version: 1,
      plan: "fallback",
      revision: 1,
      done: [{ ...step, error: "status 500", response: "hush" }],
      current: { channel: "mail", why: "mail: it has no conditions", from: 3 },
    });
    await world.dynamodb.put(transactionRow({ transactionId: text(`s-${id}`), merchantId: text(id), steps }));
    expect((await explain({ transactionId: `s-${id}` })).body).toMatchObject({
      channel: "mail",
      channels: [
        { id: "web", state: "failed", why: "status 500" },
        { id: "mail", state: "used" },
      ],
    });
    const { body } = await ask("GET", `/transactions/s-${id}`);
    expect(body["steps"]).toEqual({
      plan: "fallback",
      done: [{ ...step, at: "2026-09-21T14:13:20.000Z", error: "status 500" }],
      current: { channel: "mail", why: "mail: it has no conditions" },
    });
  });

  it("knows the circuit of a channel that a condition names", async () => {
    await register({ channels: [{ ...mail, when: { health: { channel: "web", is: "open" } } }, web] });
    await world.dynamodb.client.send(
      new PutItemCommand({
        TableName: "MerchantGates",
        Item: { merchantId: { S: id }, circuitOpenUntil: { N: String(Date.now() + 60_000) } },
      }),
    );
    const { body } = await explain({ amount: "1", currency: "BRL", outcome: "APPROVED" });
    expect(body).toMatchObject({ channel: "mail", why: "mail: the circuit of web is open" });
  });

  it("is of the webhook for a merchant without channels", async () => {
    await register();
    expect((await explain({ amount: "1", currency: "BRL", outcome: "APPROVED" })).body).toMatchObject({
      channel: "webhook",
    });
  });

  it("shows nobody another merchant's transaction, or another merchant", async () => {
    await register({ channels: [web] });
    await world.dynamodb.put(transactionRow({ transactionId: text(`o-${id}`), merchantId: text("acme") }));
    expect((await explain({ transactionId: `o-${id}` })).status).toBe(404);
    expect((await explain({ transactionId: "nowhere" })).status).toBe(404);
    const body = { amount: "1", currency: "BRL", outcome: "APPROVED" };
    expect((await explain(body, { token: { merchantId: "acme" } })).status).toBe(404);
    expect((await explain(body, { token: { merchantId: id } })).status).toBe(200);
  });

  it("needs all that describes a transaction, or the id of one", async () => {
    await register({ channels: [web] });
    expect((await explain({ amount: "1" })).body["errors"]).toEqual([
      { pointer: "/currency", detail: expect.stringContaining("or the transactionId") },
      { pointer: "/outcome", detail: expect.stringContaining("or the transactionId") },
    ]);
    expect((await explain({ transactionId: "t-1", amount: "1" })).body["errors"]).toEqual([
      { pointer: "/amount", detail: expect.stringContaining("beside a transactionId") },
    ]);
  });
});
