import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { CreateTableCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { MerchantsTable } from "../../../core/aws/merchants-table.ts";
import { nextMerchant } from "../../../core/aws/next-merchant.ts";
import { Templates } from "../../../core/channels/templates/templates.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { transactionsWorld, type World } from "./transactions-world.ts";

let world: World;
let counter = 0;
let name = "";
beforeAll(async () => {
  world = await transactionsWorld();
}, patienceMs(60_000));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
beforeEach(() => {
  name = `receipt-${(counter += 1)}`;
});

const scopes = "templates:read templates:write audit:read merchants:read";
const ask = (method: string, path: string, more: Parameters<World["ask"]>[2] = {}) =>
  world.ask(method, path, { token: { scopes }, ...more });
const put = (language: string, body: object, more: Parameters<World["ask"]>[2] = {}) =>
  ask("PUT", `/templates/sms/${name}/${language}`, { body, ...more });
const preview = (language: string, body?: object, kind = "sms") =>
  ask("POST", `/templates/${kind}/${name}/${language}/preview`, body === undefined ? {} : { body });
const itemOf = async (id: string) =>
  (await world.dynamodb.client.send(new GetItemCommand({ TableName: "Merchants", Key: { merchantId: { S: id } } })))
    .Item;
const entries = async (language: string) => {
  const { body } = await ask("GET", `/audit-log?resource=${encodeURIComponent(`templates/sms/${name}/${language}`)}`);
  return body["items"] as unknown as readonly Record<string, unknown>[];
};

describe("putting a template", () => {
  it("keeps it as it was given, the first language as the default, and tells of it in the audit log", async () => {
    const { status, headers, body } = await put("es", { text: "{{amount}} {{currency}}" });
    expect(status).toBe(200);
    expect(body).toEqual({ kind: "sms", name, language: "es", text: "{{amount}} {{currency}}", isDefault: true });
    const got = await ask("GET", `/templates/sms/${name}/es`);
    expect([got.body, got.headers.get("etag")]).toEqual([body, headers.get("etag")]);
    const digest = headers.get("etag")?.slice(1, -1);
    expect(await entries("es")).toEqual([
      expect.objectContaining({ action: "putTemplate", after: { digest, isDefault: true } }),
    ]);
  });

  it("again changes nothing, and is told of once", async () => {
    await put("es", { text: "a" });
    expect((await put("es", { text: "a" })).status).toBe(200);
    expect(await entries("es")).toHaveLength(1);
    await put("es", { text: "b" });
    expect((await entries("es")).map(({ action }) => action)).toEqual(["putTemplate", "putTemplate"]);
  });

  it("replaces only what was seen, under If-Match", async () => {
    const first = await put("es", { text: "a" });
    const seen = { headers: { "if-match": first.headers.get("etag") ?? "" } };
    expect((await put("es", { text: "b" }, seen)).status).toBe(200);
    expect((await put("es", { text: "c" }, seen)).body["code"]).toBe("API_VERSION_CONFLICT");
    expect((await put("en", { text: "c" }, seen)).body["code"]).toBe("API_VERSION_CONFLICT");
  });

  it("makes another language the default where that is asked for", async () => {
    await put("es", { text: "a" });
    expect((await put("en", { text: "b" })).body).toMatchObject({ isDefault: false });
    expect((await put("en", { text: "b", isDefault: true })).body).toMatchObject({ isDefault: true });
    expect((await ask("GET", `/templates/sms/${name}/es`)).body).toMatchObject({ isDefault: false });
  });

  it.each([
    ["sms", { text: "{{Amount}}" }, "/text"],
    ["sms", { text: "a", html: "b" }, "/html"],
    ["sms", {}, "/text"],
    ["email", { subject: "a\nb", text: "t" }, "/subject"],
    ["email", { subject: "a", text: "t", html: "{{{payload.a}}}" }, "/html"],
    ["whatsapp", { parameters: ["{{amount"] }, "/parameters/0"],
    ["sms", { text: "a", other: 1 }, "/other"],
  ])("is refused with the place of what is wrong: %s %j", async (kind, body, pointer) => {
    const refused = await ask("PUT", `/templates/${kind}/${name}/es`, { body });
    expect([refused.status, refused.body["code"]]).toEqual([422, "API_BODY_INVALID"]);
    expect(refused.body["errors"]).toEqual([expect.objectContaining({ pointer })]);
  });

  it.each(["/templates/fax/a/es", "/templates/sms/A/es", "/templates/sms/a/es_MX", "/templates/sms/a%20b/es"])(
    "has no such place: %s",
    async (path) => {
      expect((await ask("PUT", path, { body: { text: "a" } })).body["code"]).toBe("API_PARAMETER_INVALID");
    },
  );

  it("is for whoever may, and for no token that is narrowed to a merchant", async () => {
    for (const [token, code] of [
      [{ scopes: "templates:read" }, "API_SCOPE_MISSING"],
      [{ scopes, merchantId: "acme" }, "API_TOKEN_NARROWED"],
    ] as const)
      expect((await put("es", { text: "a" }, { token })).body["code"]).toBe(code);
  });
});

describe("templates that are kept", () => {
  it("are listed by kind and name, page by page, and are no merchants", async () => {
    for (const one of ["a", "b", "c"]) {
      name = `listed-${one}`;
      await put("es", { text: "a" });
    }
    await put("en", { text: "a" });
    const first = await ask("GET", "/templates?kind=sms&limit=2");
    expect(first.body["items"]).toHaveLength(2);
    const second = await ask("GET", `/templates?kind=sms&limit=100&cursor=${first.body["nextCursor"]}`);
    const items = [first, second].flatMap(({ body }) => body["items"] as unknown as readonly object[]);
    expect(items).toContainEqual({
      kind: "sms",
      name: "listed-c",
      languages: ["en", "es"],
      defaultLanguage: "es",
    });
    expect(second.body["nextCursor"]).toBeUndefined();
    expect((await ask("GET", "/templates?kind=whatsapp")).body["items"]).toEqual([]);
    const { body } = await ask("GET", "/merchants?limit=100");
    expect(JSON.stringify(body)).not.toContain("template ");
  });

  it("are passed over by who goes from merchant to merchant", async () => {
    await put("es", { text: "a" });
    const found: string[] = [];
    let after: string | undefined;
    for (;;) {
      const next = await nextMerchant(world.dynamodb.client, "Merchants", { segment: 0, segments: 1 }, after);
      if (next === undefined) break;
      found.push((after = next.merchantId));
    }
    expect(found.toSorted()).toEqual(["acme", "other", "silent"]);
  });

  it("are passed over many at a time, however many lie between two merchants", async () => {
    const listed = Array.from({ length: 300 }, (_, index) => ({ merchantId: { S: `template sms t-${index} en` } }));
    await world.dynamodb.client.send(
      new CreateTableCommand({
        TableName: "Crowded",
        AttributeDefinitions: [{ AttributeName: "merchantId", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "merchantId", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    const rows = [...listed, { merchantId: { S: "acme" } }, { merchantId: { S: "other" } }];
    for (const Item of rows) await world.dynamodb.client.send(new PutItemCommand({ TableName: "Crowded", Item }));
    let scans = 0;
    const client = { send: (command: never) => ((scans += 1), world.dynamodb.client.send(command)) } as DynamoDBClient;
    const found: string[] = [];
    for (let after: string | undefined; ;) {
      const next = await nextMerchant(client, "Crowded", { segment: 0, segments: 1 }, after);
      if (next === undefined) break;
      found.push((after = next.merchantId));
    }
    expect(found.toSorted()).toEqual(["acme", "other"]);
    expect(scans).toBeLessThan(30);
  });

  it("are what whoever sends finds", async () => {
    await put("es", { text: "a" });
    await put("en", { text: "b" });
    const table = new MerchantsTable(world.dynamodb.client, "Merchants");
    const templates = new Templates({ read: async (id) => (await table.read([id])).rows.get(id), now: () => 0 });
    expect((await templates.find({ kind: "sms", name }, "es-MX"))?.content).toEqual({ kind: "sms", text: "a" });
    expect((await templates.find({ kind: "sms", name }, "en"))?.content).toEqual({ kind: "sms", text: "b" });
  });

  it("are deleted, the default one last, and may be put again", async () => {
    await put("es", { text: "a" });
    await put("en", { text: "b" });
    const del = (language: string) => ask("DELETE", `/templates/sms/${name}/${language}`);
    expect((await del("es")).body).toMatchObject({
      code: "API_TEMPLATE_CONFLICT",
      detail: "got the default language of a template that has others; put another one with isDefault first, of en.",
    });
    expect((await del("en")).status).toBe(204);
    expect((await del("en")).status).toBe(404);
    expect((await del("es")).status).toBe(204);
    expect((await ask("GET", `/templates/sms/${name}/es`)).status).toBe(404);
    expect((await preview("es")).status).toBe(404);
    expect((await entries("es")).map(({ action }) => action)).toContain("deleteTemplate");
    expect(await itemOf(`template sms ${name} es`)).toMatchObject({ purgeAt: { N: expect.any(String) } });
    expect((await put("pt-BR", { text: "c" })).body).toMatchObject({ isDefault: true });
    expect(await itemOf(`template sms ${name}`)).not.toHaveProperty("purgeAt");
  });
});

describe("a preview", () => {
  it("is filled in with an example, in the language that is found", async () => {
    await put("es", { text: "Pagaste {{amount}} {{currency}}" });
    expect((await preview("es-MX")).body).toEqual({
      language: "es",
      text: "Pagaste 12.50 EUR",
      size: { encoding: "GSM 03.38", characters: 17, parts: 1 },
    });
  });

  it.each([
    ["1", "API_BODY_INVALID"],
    ["12345678901234567890", "API_BODY_NOT_JSON"],
  ])("takes no values that are deeper than a row may be, down to %s", async (leaf, code) => {
    await put("es", { text: "a" });
    const body = `{"values":{"payload":{"a":${"[".repeat(20_000)}${leaf}${"]".repeat(20_000)}}}}`;
    const refused = await ask("POST", `/templates/sms/${name}/es/preview`, { body });
    expect([refused.status < 500, refused.body]).toEqual([true, expect.objectContaining({ code })]);
  });

  it("is filled in with what is given, numbers with each of their digits", async () => {
    await put("es", { text: "{{amount}} {{payload.sum}} {{#payload.on}}on{{/payload.on}}" });
    const values = '{"values":{"amount":"7","payload":{"sum":12345678901234567890.10,"on":true}}}';
    const { body } = await preview("es", JSON.parse(values) as object);
    expect(String(body["text"])).toMatch(/^7 1234567890123456\d+ on$/);
  });

  it("is of a draft that is kept nowhere", async () => {
    const draft = { subject: "{{transactionId}}", text: "t", html: "<p>{{payload.name}}</p>" };
    const { status, body } = await preview("es", { draft, values: { payload: { name: "<b>" } } }, "email");
    expect([status, body]).toEqual([200, { language: "es", subject: "t-1", text: "t", html: "<p>&lt;b&gt;</p>" }]);
    expect((await ask("GET", `/templates/email/${name}/es`)).status).toBe(404);
  });

  it("says what is missing, by part and name", async () => {
    await put("es", { text: "{{payload.who}}" });
    expect((await preview("es")).body).toEqual({
      language: "es",
      faults: [{ part: "text", detail: "payload.who is missing" }],
    });
  });

  it("of a draft that cannot be used is refused as putting it is", async () => {
    expect((await preview("es", { draft: { text: "{{amount" } })).body["code"]).toBe("API_BODY_INVALID");
  });
});
