import { describe, expect, it } from "@jest/globals";
import { API, type Answer, type Asked, ran, STATE } from "./surroundings.ts";

const transaction = (state: string, more: object = {}) => ({
  transactionId: "t-1",
  version: 1,
  merchantId: "acme",
  outcome: "APPROVED",
  amount: "12.50",
  currency: "EUR",
  state,
  attemptCount: 0,
  explanation: `It is ${state}.`,
  attempts: [],
  ...more,
});
const problem = (status: number, more: object = {}): Answer => ({
  status,
  body: { type: "urn:x", title: "A title", status, detail: "Got this, do that.", code: "X", requestId: "r-1", ...more },
});
const SUBMIT = ["submit", "--merchant", "acme", "--outcome", "APPROVED", "--amount", "12.50", "--currency", "EUR"];
const accepted = () => ({
  status: 201,
  body: { transactionId: "t-1", version: 1, acceptedAt: "2026-11-22T10:00:00Z" },
});

describe("a refusal of the API", () => {
  it.each([
    [401, 4],
    [403, 4],
    [404, 3],
    [409, 1],
    [422, 1],
    [429, 1],
    [500, 1],
    [503, 1],
  ])("of status %d ends with exit code %d, one sentence and the request id", async (status, code) => {
    const answer = () => problem(status, { errors: [{ pointer: "/amount", detail: "expected a number" }] });
    expect(await ran(["get", "t-1", "--json"], answer)).toMatchObject({
      code,
      stdout: "",
      stderr: "A title: Got this, do that (/amount expected a number). Request r-1.\n",
    });
  });

  it("of API Gateway itself is told too, and what is no JSON at all", async () => {
    const gateway = () => ({ status: 403, body: { message: "Forbidden" }, headers: { "x-amzn-requestid": "g-1" } });
    expect(await ran(["get", "t-1"], gateway)).toMatchObject({
      code: 4,
      stderr:
        `The API at ${API} answered 403 (Forbidden); see whether its address is right and its access token holds. ` +
        "Request g-1.\n",
    });
    const page = {
      fetch: async (to: unknown) =>
        String(to).endsWith("/token") ? Response.json({ access_token: "t" }) : new Response("<html>"),
    };
    expect(await ran(["get", "t-1"], undefined, page as never)).toMatchObject({ code: 1, stderr: /^The API at/ });
  });

  it("cannot steer the terminal", async () => {
    const { stderr } = await ran(["get", "t-1"], () => problem(409, { detail: "\u001B[2Jgone" }));
    expect(stderr).toBe("A title: \\u{1b}[2Jgone. Request r-1.\n");
  });
});

describe("an API that cannot be reached", () => {
  it("ends with exit code 5 and what to do", async () => {
    const failing = (error: Error) => ({
      fetch: async () => {
        throw error;
      },
    });
    const refused = Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } });
    expect(await ran(["get", "t-1"], undefined, failing(refused))).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(
        /^The issuer .* cannot be reached \(ECONNREFUSED\); start the stack .*--state\.\n$/,
      ),
    });
    const late = Object.assign(new Error("late"), { name: "TimeoutError" });
    expect(await ran(["get", "t-1"], undefined, failing(late))).toMatchObject({ code: 5 });
    const nowhere = await ran(["get", "t-1", "--state", "nowhere"]);
    expect(nowhere).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/^No stack runs with its state in nowhere/),
    });
  });
});

describe("submit", () => {
  it("sends what the options say, with the time, as the issuer's token lets it", async () => {
    const { code, stdout, asked, tokens } = await ran([...SUBMIT, "--id", "t-1", "--payload", '{"n":1}'], accepted);
    expect([code, stdout]).toEqual([
      0,
      "Accepted t-1, version 1, at 2026-11-22T10:00:00Z.\nFollow it: npx confirmations watch t-1\n",
    ]);
    expect(tokens).toEqual(["grant_type=client_credentials&client_id=confirmations"]);
    const [{ method, path, headers, body }] = asked as [Asked];
    expect([method, path, headers.get("authorization"), headers.get("content-type")]).toEqual([
      "POST",
      "/prod/v1/transactions",
      "Bearer token-1",
      "application/json",
    ]);
    expect(body).toBe(
      '{"transactionId":"t-1","occurredAt":"2026-11-22T10:00:00.000Z","merchantId":"acme","outcome":"APPROVED",' +
        '"amount":"12.50","currency":"EUR","payload":{"n":1}}',
    );
  });

  it("shows the API's answer and nothing else with --json", async () => {
    const { stdout } = await ran([...SUBMIT, "--id", "t-1", "--json"], accepted);
    expect(JSON.parse(stdout)).toEqual(accepted().body);
  });

  it("may leave the id to an idempotency key, and needs one of them", async () => {
    const { asked } = await ran([...SUBMIT, "--idempotency-key", "k-1"], accepted);
    expect(asked[0]?.headers.get("idempotency-key")).toBe("k-1");
    expect(await ran(SUBMIT, accepted)).toMatchObject({ code: 2, asked: [] });
  });

  it("changes an outcome under the version that it replaces", async () => {
    const answer = () => ({ body: { transactionId: "t-1", version: 2 } });
    const { stdout, asked } = await ran([...SUBMIT, "--id", "t-1", "--replaces", "1"], answer);
    expect(stdout).toBe("Changed t-1, which has version 2 now.\n");
    expect([asked[0]?.method, asked[0]?.path, asked[0]?.headers.get("if-match")]).toEqual([
      "PUT",
      "/prod/v1/transactions/t-1",
      '"1"',
    ]);
    expect(JSON.parse(asked[0]?.body ?? "")).not.toHaveProperty("transactionId");
  });

  it("takes one from standard input, every digit of it", async () => {
    const input = '{"transactionId":"t-1","payload":{"n":12345678901234567890.10}}';
    const { asked } = await ran(["submit", "--file", "-"], accepted, { input });
    expect(asked[0]?.body).toBe(input);
    expect(await ran(["submit", "--file", "-"], accepted, { isInputTerminal: true })).toMatchObject({ code: 2 });
  });

  it("sends a list, or one a line, by 500, and ends with exit code 1 if one was refused", async () => {
    const batch = ({ body }: Asked): Answer => {
      const { transactions } = JSON.parse(body) as { transactions: { transactionId: string }[] };
      const results = transactions.map(({ transactionId }, index) =>
        transactionId === "t-501"
          ? {
              index,
              transactionId,
              status: 422,
              code: "API_BODY_INVALID",
              detail: "no",
              errors: [{ pointer: "/amount", detail: "bad" }],
            }
          : { index, status: 201, transactionId, version: 1 },
      );
      const refused = results.filter(({ status }) => status !== 201).length;
      return { body: { accepted: results.length - refused, refused, results } };
    };
    const lines = Array.from({ length: 600 }, (_, index) => JSON.stringify({ transactionId: `t-${index}` }));
    const { code, stdout, asked } = await ran(["submit", "--file", "-"], batch, { input: lines.join("\n") });
    expect(code).toBe(1);
    expect(asked.map(({ path, body }) => [path, JSON.parse(body).transactions.length])).toEqual([
      ["/prod/v1/transactions/batch", 500],
      ["/prod/v1/transactions/batch", 100],
    ]);
    expect(stdout).toMatch(/^Accepted 599 of 600\.\n\nENTRY .*\n502 +t-501 +API_BODY_INVALID +\/amount bad\n$/);
    const list = await ran(["submit", "--file", "-", "--json"], batch, { input: `[${lines.slice(0, 2).join(",")}]` });
    expect([list.code, JSON.parse(list.stdout)]).toEqual([0, expect.objectContaining({ accepted: 2, refused: 0 })]);
  });

  it.each([
    ["", /nothing in it/],
    ["{", /no JSON/],
    ["[]", /list is empty/],
    ["7", /It is no JSON object/],
    ['{"a":1}\n{', /Line 2 is no JSON/],
  ])("refuses a file that holds %j", async (input, said) => {
    expect(await ran(["submit", "--file", "-"], accepted, { input })).toMatchObject({
      code: 2,
      asked: [],
      stderr: expect.stringMatching(said),
    });
  });
});

describe("get", () => {
  it("shows the state in words, and each attempt", async () => {
    const attempts = [
      { at: "2026-11-22T10:00:00Z", outcome: "status_5xx", status: 503, durationMs: 4.2, response: "bad\u0007" },
    ];
    const { code, stdout } = await ran(["get", "t-1"], () => ({ body: transaction("SCHEDULED", { attempts }) }));
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^transaction +t-1, version 1\nmerchant +acme\noutcome +APPROVED, 12\.50 EUR\nstate +SCHEDULED\n/,
    );
    expect(stdout).toMatch(/\n2026-11-22T10:00:00Z +status_5xx +503 +4 ms +bad\\u\{7\}\n$/);
  });
});

describe("list", () => {
  it("follows pages with --all, and says where to go on without", async () => {
    const page = ({ path }: Asked): Answer => ({
      body: {
        items: [transaction("CONFIRMED")],
        consistency: "eventual",
        ...(path.includes("cursor=") ? {} : { nextCursor: "c1" }),
      },
    });
    const some = await ran(["list", "--merchant", "acme", "--status", "failed", "--limit", "1"], page);
    expect(some.asked.map(({ path }) => path)).toEqual(["/prod/v1/transactions?merchantId=acme&state=FAILED&limit=1"]);
    expect(some.stdout).toMatch(/\n\nThere may be more: --cursor c1, or --all\.\n$/);
    const every = await ran(["list", "--merchant", "acme", "--all", "--json"], page);
    expect(JSON.parse(every.stdout)).toEqual({
      items: [expect.anything(), expect.anything()],
      consistency: "eventual",
    });
  });
});

describe("watch", () => {
  const states = (...names: readonly string[]) => {
    const left = [...names];
    return () => ({ body: transaction((left.length > 1 ? left.shift() : left[0]) as string) });
  };

  it("tells each change, and ends with the outcome", async () => {
    const { code, stdout, slept } = await ran(["watch", "t-1"], states("PENDING", "PENDING", "SCHEDULED", "CONFIRMED"));
    expect(code).toBe(0);
    expect(stdout.split("\n").slice(0, 2)).toEqual([
      "2026-11-22T10:00:00.000Z  PENDING: It is PENDING.",
      "2026-11-22T10:00:00.600Z  SCHEDULED: It is SCHEDULED.",
    ]);
    expect(slept).toEqual([200, 400, 200]);
  });

  it("ends with exit code 1 where it was given up, or took too long", async () => {
    const failed = await ran(["watch", "t-1", "--json"], states("PENDING", "FAILED"));
    expect([failed.code, JSON.parse(failed.stdout).state]).toEqual([1, "FAILED"]);
    const late = await ran(["watch", "t-1", "--timeout", "3"], states("PENDING"));
    expect([late.code, late.stderr]).toEqual([1, expect.stringMatching(/^t-1 is not over yet: PENDING\./)]);
  });

  it("counts a merchant's until each is over", async () => {
    let looks = 0;
    const answer = () => {
      looks += 1;
      return {
        body: {
          items: [transaction(looks < 3 ? "PENDING" : "FAILED"), transaction("CONFIRMED")],
          consistency: "eventual",
        },
      };
    };
    const { code, stdout, asked } = await ran(["watch", "--merchant", "acme", "--json"], answer);
    expect([code, JSON.parse(stdout)]).toEqual([
      1,
      expect.objectContaining({ transactions: 2, confirmed: 1, failed: 1 }),
    ]);
    expect(asked).toHaveLength(3);
  });
});

describe("trace", () => {
  const hops = [
    {
      id: "a",
      name: "stream-transactions",
      beganAt: "2026-11-22T10:00:00.000Z",
      durationMs: 50,
      annotations: { transaction: "t-1", merchant: "shop" },
    },
    {
      id: "b",
      parentId: "a",
      name: "confirmation-worker",
      beganAt: "2026-11-22T10:00:00.200Z",
      durationMs: 50,
      annotations: { transaction: "t-1", merchant: "shop", attempt: 1, outcome: "status_5xx" },
    },
    {
      id: "c",
      parentId: "b",
      name: "webhook",
      beganAt: "2026-11-22T10:00:00.210Z",
      durationMs: 50,
      request: { method: "POST", url: "https://shop.example/" },
      status: 503,
      flags: ["fault"],
    },
  ];
  const traced = (shown: readonly object[]) => () => ({
    body: {
      transactionId: "t-1",
      traces: [{ traceId: "1-x", isComplete: true, hops: shown }],
      consistency: "eventual",
    },
  });

  it("is drawn as a tree", async () => {
    const { code, stdout } = await ran(["trace", "t-1"], traced(hops));
    expect([code, stdout]).toEqual([
      0,
      [
        "Trace 1-x: transaction t-1, merchant shop, began 2026-11-22T10:00:00.000Z, took 260 ms, 1 step that failed",
        "     begins      takes",
        "      +0 ms      50 ms  stream-transactions",
        "    +200 ms      50 ms  └─ confirmation-worker  attempt: 1  outcome: status_5xx",
        "    +210 ms      50 ms     └─ webhook  POST https://shop.example/  answered 503  FAULT",
        "",
      ].join("\n"),
    ]);
  });

  it("names a hop before that sent nothing, draws each once, and cannot steer the terminal", async () => {
    const missing = await ran(["trace", "t-1"], traced(hops.slice(1)));
    expect(missing.stdout).toContain("(after a, which sent nothing here)");
    const hostile = {
      ...hops[0],
      parentId: "z",
      annotations: { transaction: "t-1", merchant: "\u001B[2Jshop\u202E\n\u009B1m" },
    };
    const shown = await ran(["trace", "t-1"], traced([hostile, hostile]));
    expect(shown.stdout).toContain(String.raw`merchant \u{1b}[2Jshop\u{202e}\u{a}\u{9b}1m,`);
    expect(shown.stdout.match(/stream-transactions/g)).toHaveLength(1);
  });

  it("that is not there ends with exit code 3 and says why", async () => {
    const none = () => ({
      body: { transactionId: "t-1", traces: [], explanation: "It was not sampled.", consistency: "eventual" },
    });
    expect(await ran(["trace", "t-1"], none)).toMatchObject({
      code: 3,
      stdout: "No trace of t-1: It was not sampled.\n",
    });
    expect(await ran(["trace", "t-1", "--json", "--state", STATE], none)).toMatchObject({ code: 3 });
  });
});
