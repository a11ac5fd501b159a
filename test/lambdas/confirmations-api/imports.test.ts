import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { beginImport, readImport } from "../../../core/aws/import-rows.ts";
import { importJob, type ImportSpec } from "../../../core/jobs/import/spec.ts";
import { API_TABLES } from "./api-tables.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { transactionsWorld, type World } from "./transactions-world.ts";

let world: World;
beforeAll(async () => {
  world = await transactionsWorld();
}, patienceMs(60_000));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const HEADER = "transactionId,merchantId,outcome,amount,currency,occurredAt";
const row = (id: string, { merchantId = "acme", amount = "12.50" } = {}) =>
  `${id},${merchantId},APPROVED,${amount},EUR,2026-11-22T10:00:00Z`;
const token = { scopes: "imports:write" };
const send = (body: string, type = "text/csv", more: object = {}) =>
  world.ask("POST", "/imports", { body, headers: { "content-type": type }, token: { ...token, ...more } });

describe("the log of an old system", () => {
  const log = (body: string, more: object = {}) =>
    world.ask("POST", "/imports?of=confirmations", {
      body,
      headers: { "content-type": "text/csv" },
      token: { ...token, ...more },
    });

  it("is noted row by row, and what is not here comes back", async () => {
    await send([HEADER, row("log-1")].join("\n"));
    const { status, body } = await log(
      "transactionId,confirmedAt\nlog-1,2026-11-22T10:00:05Z\nnone,2026-11-22T10:00:05Z\n",
    );
    expect([status, body]).toEqual([
      200,
      {
        rows: 2,
        accepted: 1,
        rejected: [expect.objectContaining({ line: 3, transactionId: "none", code: "transaction_unknown" })],
      },
    ]);
    expect(await world.dynamodb.get("log-1")).toMatchObject({
      confirmationState: { S: "CONFIRMED" },
      confirmedBy: { M: { by: { S: "elsewhere" } } },
      saidElsewhere: { M: { at: { N: String(Date.parse("2026-11-22T10:00:05Z")) }, by: { S: "tests" } } },
    });
  });

  it("is the company's, and no merchant's own", async () => {
    expect((await log("transactionId,confirmedAt\nlog-1,2026-11-22T10:00:05Z\n", { merchantId: "acme" })).status).toBe(
      403,
    );
    const upload = { body: { of: "confirmations" }, token: { ...token, merchantId: "acme" } };
    expect((await world.ask("POST", "/imports/uploads", upload)).status).toBe(403);
  });

  it("is uploaded as what it is", async () => {
    const { body } = await world.ask("POST", "/imports/uploads", { body: { of: "confirmations" }, token });
    const shown = await world.ask("GET", `/imports/${String(body["jobId"])}`, { token });
    expect(shown.body).toMatchObject({ state: "waiting", of: "confirmations" });
  });
});

describe("a small file", () => {
  it("is imported row by row, and a bad row refuses none of the others", async () => {
    const file = [HEADER, row("f-1"), row("f-2", { amount: "12,50" }).replace("12,50", '"12,50"'), row("f-3")].join(
      "\n",
    );
    const { status, body } = await send(file);
    expect([status, body]).toEqual([
      200,
      {
        rows: 3,
        accepted: 2,
        rejected: [
          { line: 3, code: "field_invalid", field: "amount", reason: expect.stringMatching(/decimal comma.*"12.50"/) },
        ],
      },
    ]);
    const { intake } = (await world.dynamodb.get("f-1")) ?? {};
    expect(intake?.M?.["by"]).toEqual({ S: "tests" });
  });

  it("may be JSON Lines, whatever its content type says", async () => {
    const [transactionId, merchantId, outcome, amount, currency, occurredAt] = row("f-4").split(",");
    const line = JSON.stringify({ transactionId, merchantId, outcome, amount, currency, occurredAt });
    expect((await send(line, "application/x-ndjson")).body).toEqual({ rows: 1, accepted: 1, rejected: [] });
    expect((await send(line)).body).toMatchObject({ accepted: 1 });
  });

  it("counts as accepted what is there as it is, and tells what is there otherwise", async () => {
    const file = [HEADER, row("f-5"), row("f-5"), row("f-5", { amount: "13" })].join("\n");
    const result = {
      rows: 3,
      accepted: 2,
      rejected: [expect.objectContaining({ line: 4, code: "transaction_conflict", field: "amount" })],
    };
    expect((await send(file)).body).toEqual(result);
    expect((await send(file)).body).toEqual(result);
  });

  it("of a token that is narrowed to a merchant may have its rows alone", async () => {
    const file = [HEADER, row("f-6"), row("f-7", { merchantId: "other" })].join("\n");
    expect((await send(file, "text/csv", { merchantId: "other" })).body).toMatchObject({
      accepted: 1,
      rejected: [{ line: 2, transactionId: "f-6", code: "merchant_foreign", field: "merchantId" }],
    });
    expect(await world.dynamodb.get("f-6")).toBeUndefined();
  });

  it("is judged by the rules of a transaction that is submitted", async () => {
    const { body } = await send([HEADER, row("f-8", { merchantId: "nobody" })].join("\n"));
    expect(body["rejected"]).toMatchObject([
      { line: 2, field: "merchantId", reason: expect.stringMatching(/registered/) },
    ]);
  });
});

describe("a file that cannot be imported", () => {
  it.each([
    ["nothing", "", "file_empty", ""],
    ["what was Latin-1", `${HEADER}\n${row("caf\uFFFD")}`, "file_not_utf8", `line 2, byte ${HEADER.length + 4}`],
    [
      "the same behind a byte-order mark",
      `\uFEFF${HEADER}\n${row("caf\uFFFD")}`,
      "file_not_utf8",
      `line 2, byte ${HEADER.length + 7}`,
    ],
    ["an unknown column", "colour\nred\n", "header_unknown_column", "line 1"],
  ])("is refused with its place: %s", async (_, file, code, pointer) => {
    const { status, body } = await send(file);
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: "API_FILE_REFUSED", errors: [{ pointer, detail: code }] });
  });

  it("is too large with more rows than a block has", async () => {
    const file = [HEADER, ...Array.from({ length: 1001 }, (_, index) => row(`g-${index}`))].join("\n");
    expect((await send(file)).body["code"]).toBe("API_BODY_TOO_LARGE");
    expect(await world.dynamodb.get("g-1")).toBeUndefined();
  });

  it("is JSON by its content type, as it is no other path's type", async () => {
    expect((await send("{}", "application/json")).status).toBe(415);
    const { status } = await world.ask("POST", "/transactions", {
      body: HEADER,
      headers: { "content-type": "text/csv" },
    });
    expect(status).toBe(415);
  });

  it("is refused to a token without the scope", async () => {
    expect((await send(HEADER, "text/csv", { scopes: "transactions:write" })).body["code"]).toBe("API_SCOPE_MISSING");
  });
});

describe("a large file", () => {
  const asked = (more: object = {}, body: object = { fileName: "november.csv", reason: "November" }) =>
    world.ask("POST", "/imports/uploads", { body, token: { ...token, ...more } });
  const get = (path: string, more: object = {}) => world.ask("GET", path, { token: { ...token, ...more } });
  const begin = async (jobId: string, spec: Partial<ImportSpec>): Promise<void> => {
    const { client } = world.dynamodb;
    const found = await readImport(client, API_TABLES.jobsTable, jobId);
    if (found === undefined || !("upload" in found)) throw new Error("expected an upload");
    const job = importJob(found.upload, { bytes: 9, etag: '"e"', ...spec }, Date.now());
    expect(await beginImport(client, API_TABLES.jobsTable, job)).toBe(true);
  };
  const file = { format: { kind: "csv", delimiter: ",", columns: [] }, rows: 2500, blocks: 3 } as const;

  it("is asked for, waits for its file, and tells the audit log who asked", async () => {
    const { status, body } = await asked();
    const jobId: string = body["jobId"] ?? "";
    expect(status).toBe(201);
    expect(body).toMatchObject({
      url: "https://imports.s3.eu-west-1.amazonaws.com/",
      fields: { key: `uploads/${jobId}` },
      maxBytes: 1_000_000_000,
    });
    expect((await get(`/imports/${jobId}`)).body).toMatchObject({ state: "waiting", fileName: "november.csv" });
    const log = await world.ask("GET", `/audit-log?resource=imports/${jobId}`, { token: { scopes: "audit:read" } });
    expect(log.body["items"]).toEqual([expect.objectContaining({ action: "createUpload" })]);
    const { body: paused } = await world.ask("POST", `/imports/${jobId}/pause`, { token });
    expect(paused["code"]).toBe("API_IMPORT_CONFLICT");
  });

  it("is paused, resumed and canceled once it is a job", async () => {
    const jobId: string = (await asked()).body["jobId"] ?? "";
    await begin(jobId, { file });
    world.parts.length = 0;
    for (const [verb, state] of [
      ["pause", "paused"],
      ["resume", "running"],
      ["cancel", "canceled"],
    ] as const) {
      const { status, body } = await world.ask("POST", `/imports/${jobId}/${verb}`, { token });
      expect([status, body["state"], body["counts"]?.["rows"]]).toEqual([200, state, 2500]);
    }
    expect(world.parts.map(({ id }) => id.part)).toEqual([0, 1, 0, 1]);
    expect((await get("/imports")).body["items"]).toContainEqual(expect.objectContaining({ jobId }));
    expect((await get(`/imports/${jobId}/rejected`)).body["code"]).toBe("API_IMPORT_CONFLICT");
  });

  it("that was refused says why", async () => {
    const jobId: string = (await asked()).body["jobId"] ?? "";
    const refusal = { code: "file_has_nul", reason: "got a NUL byte", line: 3, byte: 17 } as const;
    await begin(jobId, { refusal });
    expect((await get(`/imports/${jobId}`)).body).toMatchObject({ state: "refused", refusal });
  });

  it("of a merchant's token is that merchant's, and no other's", async () => {
    const jobId: string = (await asked({ merchantId: "acme" })).body["jobId"] ?? "";
    expect((await get(`/imports/${jobId}`, { merchantId: "acme" })).body).toMatchObject({ merchantId: "acme" });
    expect((await get(`/imports/${jobId}`, { merchantId: "other" })).status).toBe(404);
    expect((await get("/imports", { merchantId: "other" })).body["items"]).toEqual([]);
  });
});
