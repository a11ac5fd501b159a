import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { type Answer, type Asked, ran } from "./surroundings.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const directory = mkdtempSync(join(tmpdir(), "merchants-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const merchant = { merchantId: "acme", signatures: ["v1", "v1a"], secret: "derived", secretKeyVersion: "1" };
const keys = [{ kty: "OKP", crv: "Ed25519", x: "AQID", kid: "k-1", use: "sig", alg: "EdDSA" }];
const answering =
  (body: unknown): (() => Answer) =>
  () => ({ body });
const asks = (asked: readonly Asked[]) =>
  asked.map(({ method, path, body }) => [
    method,
    path.replace("/prod/v1", ""),
    body === "" ? undefined : JSON.parse(body),
  ]);

const given = mkdtempSync(join(tmpdir(), "given-"));
afterAll(() => rmSync(given, { recursive: true, force: true }));
const [CERTIFICATE, HEADERS] = [join(given, "certificate"), join(given, "headers")];
writeFileSync(CERTIFICATE, "PEM\n");
writeFileSync(HEADERS, "authorization: Basic a:b\n\nx-key:k\n");

describe("merchants", () => {
  it.each<[string[], unknown[]]>([
    [
      ["register", "acme", "--url", "https://a/", "--rate-limit", "5", "--retry-schedule", "5, 30"],
      [
        "POST",
        "/merchants",
        { merchantId: "acme", confirmationUrl: "https://a/", rateLimitPerSecond: 5, retryScheduleSeconds: [5, 30] },
      ],
    ],
    [
      ["set", "acme", "--max-concurrency", "none", "--deadline", "900", "--signatures", "v1a"],
      ["PATCH", "/merchants/acme", { maxConcurrency: null, deadlineMs: 900, signatures: ["v1a"] }],
    ],
    [
      ["set", "acme", "--retry-schedule", "none"],
      ["PATCH", "/merchants/acme", { retryScheduleSeconds: null }],
    ],
    [
      ["pause", "a b"],
      ["POST", "/merchants/a%20b/pause", undefined],
    ],
    [
      ["resume", "acme"],
      ["POST", "/merchants/acme/resume", undefined],
    ],
    [
      ["disable", "acme", "https://a/"],
      ["POST", "/merchants/acme/disable", { url: "https://a/" }],
    ],
    [
      ["enable", "acme"],
      ["POST", "/merchants/acme/enable", {}],
    ],
    [
      ["enable", "acme", "https://a/"],
      ["POST", "/merchants/acme/enable", { url: "https://a/" }],
    ],
    [
      ["rotate", "acme"],
      ["POST", "/merchants/acme/rotate", {}],
    ],
    [
      ["rotate", "acme", "--overlap-hours", "0.5", "--force"],
      ["POST", "/merchants/acme/rotate", { overlapHours: 0.5, force: true }],
    ],
    [
      ["set", "acme", "--header", "x-a: 1 2", "--header", "x-b:", "--payload-version", "2", "--http-version", "2"],
      ["PATCH", "/merchants/acme", { headers: { "x-a": "1 2", "x-b": null }, payloadVersion: 2, httpVersion: "2" }],
    ],
    [
      ["set", "acme", "--header", "none", "--payload-version", "none", "--http-version", "none"],
      ["PATCH", "/merchants/acme", { headers: null, payloadVersion: null, httpVersion: null }],
    ],
    [
      ["set", "acme", "--acknowledge-within", "300"],
      ["PATCH", "/merchants/acme", { acknowledgement: { withinSeconds: 300 } }],
    ],
    [
      ["set", "acme", "--acknowledge-within", "none"],
      ["PATCH", "/merchants/acme", { acknowledgement: null }],
    ],
    [
      ["client-certificate", "set", "acme", "--certificate", CERTIFICATE, "--key", CERTIFICATE],
      ["PUT", "/merchants/acme/client-certificate", { certificate: "PEM\n", privateKey: "PEM\n" }],
    ],
    [
      ["client-certificate", "remove", "acme"],
      ["DELETE", "/merchants/acme/client-certificate", undefined],
    ],
    [
      ["oauth2", "set", "acme", "--token-url", "https://t/", "--client-id", "us", "--secret-file", CERTIFICATE],
      ["PUT", "/merchants/acme/oauth2", { tokenUrl: "https://t/", clientId: "us", clientSecret: "PEM" }],
    ],
    [
      ["oauth2", "remove", "acme"],
      ["DELETE", "/merchants/acme/oauth2", undefined],
    ],
    [
      ["secret-headers", "set", "acme", "--file", HEADERS],
      ["PUT", "/merchants/acme/secret-headers", { headers: { authorization: "Basic a:b", "x-key": "k" } }],
    ],
    [
      ["secret-headers", "remove", "acme"],
      ["DELETE", "/merchants/acme/secret-headers", undefined],
    ],
    [
      ["list", "--limit", "3"],
      ["GET", "/merchants?limit=3", undefined],
    ],
    [
      ["performance", "acme", "--hours", "3"],
      ["GET", "/merchants/acme/performance?hours=3", undefined],
    ],
    [
      ["list", "--id-prefix", "ac"],
      ["GET", "/merchants?prefix=ac", undefined],
    ],
  ])("%j asks for one thing", async (args, one) => {
    const body = { ...merchant, keys, items: [merchant], disabledUrls: [], paused: true, hours: [] };
    const { code, asked, stderr } = await ran(["merchants", ...args], answering(body));
    expect({ code, stderr, asked: asks(asked) }).toEqual({ code: 0, stderr: "", asked: [one] });
  });

  it.each<[string[], RegExp]>([
    [["register", "*", "--url", "https://a/"], /^The merchant id is "\*", which stands for all merchants/],
    [["pause", "*"], /`npx confirmations pause`/],
    [["show", ".."], /which is no name in the path of a URL/],
    [["register", "m", "--url", "nowhere"], /^--url is "nowhere", expected an http or https URL such as/],
    [["register", "m", "--url", "ftp://127.0.0.1/"], /expected an http or https URL/],
    [["register", "m", "--url", "http://a/", "--url", "http://b/"], /^--url is given twice/],
    [["set", "m"], /^Nothing is changed; expected one of --url <url>/],
    [["set", "m", "--rate-limit", "0"], /^--rate-limit is "0", expected a whole number from 1 to 1000000/],
    [["set", "m", "--max-concurrency", "many"], /^--max-concurrency is "many"/],
    [["set", "m", "--retry-schedule", "5,,30"], /^--retry-schedule is ""/],
    [["set", "m", "--retry-schedule", "604801"], /from 1 to 604800/],
    [["set", "m", "--signatures", "v2"], /expected one of v1, v1a/],
    [["rotate", "m", "--overlap-hours", "1d"], /^--overlap-hours is "1d", expected hours from 0 to 168/],
    [["rotate", "m", "--overlap-hours", "169"], /expected hours from 0 to 168/],
    [["secret", "import", "m", "--file", "/nowhere/x"], /cannot be read: ENOENT/],
    [["secret", "import", "m", SECRET], /^Too many arguments/],
    [["test", "m", "--timeout", "0"], /expected a whole number/],
  ])("%j is refused before anything is asked", async (args, said) => {
    const { code, stderr, asked } = await ran(["merchants", ...args]);
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain(SECRET);
  });

  it("are deleted without an answer that has a body", async () => {
    const fetched: string[] = [];
    const fetcher = async (to: unknown) => {
      const request = to instanceof Request ? to : new Request(String(to));
      if (request.url.endsWith("/token")) return Response.json({ access_token: "t" });
      fetched.push(`${request.method} ${new URL(request.url).pathname}`);
      return new Response(null, { status: 204 });
    };
    const { code, stdout } = await ran(["merchants", "delete", "acme", "--json"], undefined, {
      fetch: fetcher,
    });
    expect([code, JSON.parse(stdout), fetched]).toEqual([
      0,
      { merchantId: "acme", deleted: true },
      ["DELETE /prod/v1/merchants/acme"],
    ]);
  });

  it("show no secret unless that is what is asked for", async () => {
    const answer = ({ path }: Asked): Answer => ({
      body: path.endsWith("/secret") ? { merchantId: "acme", secret: SECRET } : { ...merchant, keys },
    });
    const shown = await ran(["merchants", "show", "acme"], answer);
    expect(shown.stdout).toMatch(/^public key +whpk_AQID$/m);
    expect(shown.stdout).not.toContain("whsec_");
    expect((await ran(["merchants", "secret", "show", "acme"], answer)).stdout).toBe(`secret  ${SECRET}\n`);
  });

  it("bring a secret by standard input, never on the command line", async () => {
    const { code, stdout, asked } = await ran(
      ["merchants", "secret", "import", "acme"],
      answering({ ...merchant, secret: "imported", keys }),
      {
        input: `${SECRET}\n`,
      },
    );
    expect([code, asks(asked)]).toEqual([0, [["PUT", "/merchants/acme/secret", { secret: SECRET }]]]);
    expect(stdout).not.toContain(SECRET);
    expect(await ran(["merchants", "secret", "import", "acme"], undefined, { input: " " })).toMatchObject({
      code: 2,
      asked: [],
    });
  });

  it("say why nothing gets through, and what to do", async () => {
    const health = {
      merchantId: "acme",
      gate: "paused",
      pausedAt: "2026-11-22T10:00:00.000Z",
      everythingPausedAt: "2026-11-22T09:00:00.000Z",
      circuit: { state: "open", openUntil: "2026-11-22T10:00:01.000Z", trips: 3 },
      disabledUrls: ["https://a.example/in"],
      limits: { rateLimitPerSecond: 20, maxConcurrency: 3 },
      waiting: { transactions: 12, isWhole: true, firstGivenUpAt: "2026-11-22T10:01:00.000Z" },
      lastFailures: [{ outcome: "status_5xx", attempts: 2, lastAt: "2026-11-22T10:00:00.000Z", lastStatus: 503 }],
      consistency: "eventual",
    };
    const { stdout } = await ran(["merchants", "health", "acme"], answering(health));
    expect(stdout).toContain("paused      since 2026-11-22T10:00:00.000Z; npx confirmations merchants resume acme\n");
    expect(stdout).toContain("everything  is paused since 2026-11-22T09:00:00.000Z; npx confirmations resume\n");
    expect(stdout).toContain("circuit     open until 2026-11-22T10:00:01.000Z, opened 3 times in a row\n");
    expect(stdout).toContain("disabled    https://a.example/in; npx confirmations merchants enable acme\n");
    expect(stdout).toContain("rate limit  20 calls a second\nat once     3 calls from one task\n");
    expect(stdout).toContain("waiting     12 transactions; the first is given up at 2026-11-22T10:01:00.000Z\n");
    expect(stdout).toMatch(/\nstatus_5xx +2 +2026-11-22T10:00:00.000Z +503$/m);
  });
});

describe("merchants test", () => {
  const job = { jobId: "j-1", merchantId: "acme", requestedBy: "me", queuedAt: "2026-11-22T10:00:00Z" };
  const done = (outcome: string) => ({
    ...job,
    state: "done",
    outcome,
    durationMs: 12.3,
    request: { url: "https://a/", headers: { "webhook-id": "j-1" }, body: "{}" },
    response: { status: 200, headers: { server: "s\u001B[1m" }, body: "ok" },
  });
  const after =
    (looks: number, end: object) =>
    ({ method }: Asked): Answer => {
      if (method === "POST") return { status: 202, body: { ...job, state: "queued" } };
      looks -= 1;
      return { body: looks > 0 ? { ...job, state: "queued" } : end };
    };

  it("waits for what comes of it, and shows what was sent and what came back", async () => {
    const { code, stdout, asked } = await ran(["merchants", "test", "acme"], after(2, done("delivered")));
    expect(code).toBe(0);
    expect(stdout).toBe(
      "test     j-1\noutcome  delivered\ntook     12 ms\n\nPOST https://a/\nwebhook-id: j-1\n\n{}\n\nHTTP 200\n" +
        "server: s\\u{1b}[1m\n\nok\n",
    );
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /prod/v1/merchants/acme/test",
      "GET /prod/v1/merchants/acme/test/j-1",
      "GET /prod/v1/merchants/acme/test/j-1",
    ]);
  });

  it("ends with exit code 1 for one that was not delivered, or not made in time", async () => {
    expect(await ran(["merchants", "test", "acme", "--json"], after(1, done("status_5xx")))).toMatchObject({ code: 1 });
    expect(await ran(["merchants", "test", "acme", "--timeout", "2"], after(99, {}))).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/was not made within 2 s/),
    });
  });
});

describe("merchants whose address is challenged", () => {
  const owned = (state: string) => ({
    ...merchant,
    ownership: { state, explanation: `It is ${state}.`, origins: [] },
  });
  const asking = (...states: readonly string[]) => {
    const left = [...states];
    return (): Answer => ({ body: owned(left.length > 1 ? (left.shift() ?? "") : (left[0] ?? "")) });
  };

  it.each([
    [["register", "acme", "--url", "https://a/"], "POST /prod/v1/merchants"],
    [["set", "acme", "--url", "https://a/"], "PATCH /prod/v1/merchants/acme"],
  ])("say how that went: %j", async (args, first) => {
    const { code, stdout, asked } = await ran(["merchants", ...args], asking("challenged", "challenged", "failed"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^address +failed. It is failed.$/m);
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      first,
      "GET /prod/v1/merchants/acme",
      "GET /prod/v1/merchants/acme",
    ]);
  });

  it("are registered all the same where nobody answers in time, or whoever asks may not look", async () => {
    const late = await ran(
      ["merchants", "register", "acme", "--url", "https://a/", "--timeout", "2"],
      asking("challenged"),
    );
    expect([late.code, late.slept.length]).toEqual([0, 4]);
    expect(late.stdout).toMatch(/^address +challenged/m);
    const blind = ({ method }: Asked): Answer =>
      method === "POST" ? { body: owned("challenged") } : { status: 403, body: { detail: "no scope" } };
    expect(await ran(["merchants", "register", "acme", "--url", "https://a/"], blind)).toMatchObject({ code: 0 });
  });

  it.each([
    ["verified", 0],
    ["wrong_response", 1],
  ])("end verify by what came of it: %s", async (outcome, code) => {
    const job = { jobId: "j-1", merchantId: "acme", requestedBy: "me", queuedAt: "2026-11-22T10:00:00Z" };
    const { code: ended, asked } = await ran(["merchants", "verify", "acme", "--url", "https://b/"], ({ method }) => ({
      body: method === "POST" ? { ...job, state: "queued" } : { ...job, state: "done", outcome },
    }));
    expect([ended, asks(asked)]).toEqual([
      code,
      [
        ["POST", "/merchants/acme/verify", { url: "https://b/" }],
        ["GET", "/merchants/acme/verify/j-1", undefined],
      ],
    ]);
  });

  it("are vouched for with a reason, and listed by how their address is", async () => {
    const vouched = await ran(["merchants", "vouch", "acme", "--why", "a letter"], asking("vouched"));
    expect(asks(vouched.asked)).toEqual([["POST", "/merchants/acme/vouch", { reason: "a letter" }]]);
    const listed = await ran(
      ["merchants", "list", "--address", "vouched", "--environment", "sandbox"],
      answering({ items: [owned("vouched")] }),
    );
    expect(asks(listed.asked)).toEqual([["GET", "/merchants?environment=sandbox&ownership=vouched", undefined]]);
  });
});

describe("pause, resume and paused", () => {
  it.each([
    ["pause", "POST", "/pause"],
    ["resume", "POST", "/resume"],
    ["paused", "GET", "/pause"],
  ])("%s is for everything", async (name, method, path) => {
    const { code, asked, stdout } = await ran([name, "--json"], answering({ paused: true }));
    expect([code, asks(asked), JSON.parse(stdout)]).toEqual([0, [[method, path, undefined]], { paused: true }]);
    expect((await ran([name, "my-shop"])).code).toBe(2);
  });
});

describe("audit-log", () => {
  it("lists who did what, of one merchant if wanted", async () => {
    const entry = {
      entryId: "e",
      at: "2026-11-22T10:00:00Z",
      actor: { subject: "ann", clientId: "c" },
      action: "pauseMerchant",
      resource: "merchants/acme",
      requestId: "r",
      after: { paused: true },
    };
    const { stdout, asked } = await ran(
      ["audit-log", "--merchant", "acme"],
      answering({ items: [entry], consistency: "eventual" }),
    );
    expect(asks(asked)).toEqual([["GET", "/audit-log?resource=merchants%2Facme", undefined]]);
    expect(stdout).toMatch(/\n2026-11-22T10:00:00Z +ann \(c\) +pauseMerchant +merchants\/acme +\{"paused":true\}\n$/);
    expect(await ran(["audit-log", "--merchant", "a", "--resource", "b"])).toMatchObject({ code: 2 });
  });
});

describe("manifest", () => {
  it.each<[string[], RegExp]>([
    [["get", "acme", "2026-02-30"], /^The day is "2026-02-30", expected one such as 2026-11-22/],
    [["get", "acme", "../../x"], /^The day is/],
    [["get", "acme"], /^Missing required argument 'day'/],
    [["get", "*", "2026-11-21"], /^The merchant id is "\*"/],
    [["verify"], /^Missing required argument 'files'/],
    [["verify", "a", "--key", "k"], /^Unknown option '--key' \(did you mean --keys\?\)/],
    [["verify", "/nowhere"], /^There is no file "\/nowhere"/],
    [["verify", "a", "--to", "d"], /^Unknown option '--to'/],
  ])("%j is refused", async (args, said) => {
    const { code, stderr, asked } = await ran(["manifest", ...args]);
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(stderr).toMatch(said);
  });

  it("writes only what is a name of a file, wherever the API says it is", async () => {
    const page = (name: string): Answer => ({
      body: {
        merchantId: "acme",
        day: "2026-11-22",
        items: [{ name, bytes: 1, url: "https://files.example/1" }],
        consistency: "strong",
      },
    });
    const answer =
      (name: string) =>
      ({ path }: Asked): Answer =>
        path.includes("/manifests/") ? page(name) : { body: { a: 1 } };
    const to = join(directory, "got");
    const { code, stdout } = await ran(
      ["manifest", "get", "acme", "2026-11-22", "--to", to],
      answer("manifest-1.jsonl"),
    );
    expect([code, stdout]).toEqual([0, `${join(to, "manifest-1.jsonl")}\n`]);
    expect(readFileSync(join(to, "manifest-1.jsonl"), "utf8")).toBe('{"a":1}');
    for (const name of ["../x", "/etc/x", ".hidden", "a/b"])
      expect(await ran(["manifest", "get", "acme", "2026-11-22", "--to", to], answer(name))).toMatchObject({ code: 1 });
    expect(readdirSync(directory)).toEqual(["got"]);
  });

  it("is not verified where it is none", async () => {
    const file = join(directory, "got", "manifest-2.jsonl");
    writeFileSync(file, '{"merchantId":"acme"}\n');
    expect(await ran(["manifest", "verify", file], answering({ keys }))).toMatchObject({ code: 1, stdout: "" });
  });
});
