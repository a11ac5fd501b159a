/** `listen` against an API that is a function, with a server on loopback as its target. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Call } from "../../../core/delivery/attempt.ts";
import { copiedRequest } from "../../../core/delivery/copied-request.ts";
import { publicKeys } from "../../../core/signing/merchant-keys.ts";
import { verifyWebhook } from "../../../verifier/verify-webhook.mjs";
import { keysOf } from "../../support/keys.ts";
import { type Answer, type Asked, ran } from "./surroundings.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const SECRET = Buffer.alloc(32, 7);
const WHSEC = `whsec_${SECRET.toString("base64")}`;
const KEYS = keysOf(SECRET);
const JWKS = { keys: publicKeys(KEYS, NOW) };

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
}

let target: string;
let received: Received[] = [];
let answering: { status: number; headers?: Record<string, string> } = { status: 200 };
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { headers, url = "" } = request;
    received.push({ headers, body: Buffer.concat(chunks).toString("utf8"), path: url });
    response.writeHead(answering.status, answering.headers).end("ok");
  });
});
beforeEach(async () => {
  received = [];
  answering = { status: 200 };
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?shop=1`;
});
afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

function copyOf(number: number, changes: Partial<Call> = {}, more: object = {}) {
  const call: Call = {
    destination: { origin: "https://shop.example", path: "/in" },
    deadlineMs: 1000,
    now: NOW,
    merchant: { merchantId: "try" },
    webhook: { id: `msg_${number}`, body: `{"type":"transaction.approved","text":"€ ${number}"}` },
    keys: KEYS,
    ...changes,
  };
  return {
    number,
    at: new Date(NOW).toISOString(),
    transactionId: `t-${number}`,
    version: 1,
    attempt: 1,
    request: { method: "POST", ...copiedRequest(call) },
    result: { outcome: "status_5xx", status: 503, durationMs: 31, error: "answered 503" },
    ...more,
  };
}

interface Going {
  /** Pages of copies, one a poll; the command is ended once they are all read. */
  readonly pages: readonly (readonly object[] | Answer)[];
  readonly keys?: readonly string[];
  readonly answer?: (asked: Asked) => Answer | undefined;
  readonly environment?: Record<string, string>;
  /** Whether each page is the last for now. */
  readonly isQuiet?: boolean;
}

/** Runs the command, presses keys after the pages, then ends it. */
async function listening(
  args: readonly string[],
  { pages, keys = [], answer, environment = {}, isQuiet = false }: Going,
) {
  let end = () => undefined as void;
  let press = (_key: string) => undefined as void;
  let polls = 0;
  const left = [...keys];
  const { STATE } = await import("./surroundings.ts");
  return ran(
    ["listen", "--merchant", "try", ...args],
    (asked) => {
      const given = answer?.(asked);
      if (given !== undefined) return given;
      if (asked.path.endsWith("/jwks.json")) return { body: JWKS };
      if (asked.method === "PUT")
        return { body: { merchantId: "try", listenerId: "l", leasedUntil: new Date(NOW + 60_000).toISOString() } };
      if (asked.method === "DELETE") return { body: {} };
      const page = pages[polls];
      polls += 1;
      if (page === undefined) {
        const key = left.shift();
        if (key === undefined) end();
        else press(key);
      }
      if (page !== undefined && "body" in page) return page;
      return {
        body: {
          items: page ?? [],
          nextCursor: `c${polls}`,
          hasMore: !isQuiet && polls < pages.length,
          consistency: "strong",
        },
      };
    },
    {
      environment: { CONFIRMATIONS_STATE: STATE, ...environment },
      isInputTerminal: keys.length > 0,
      onEndAsked: (asked) => {
        end = asked;
        return () => undefined;
      },
      onKey: (pressed) => {
        press = pressed;
        return () => undefined;
      },
    },
  );
}
const methodsOf = (asked: readonly Asked[]) =>
  asked.filter(({ path }) => !path.endsWith("jwks.json")).map(({ method }) => method);

describe("listen", () => {
  it("shows each copy, forwards its bytes and headers, and gives the lease back", async () => {
    const copy = copyOf(1, { headerLines: "x-shop: 1\r\nx-key: hush\r\n", secretNames: ["x-key"] });
    const { code, stdout, stderr, asked } = await listening(["--forward-to", target], { pages: [[copy]] });
    expect([code, methodsOf(asked)]).toEqual([0, ["GET", "PUT", "GET", "DELETE"]]);
    expect(stdout).toMatch(/^10:00:0\d\.\d{3} {2}#1 {2}t-1 v1 attempt 1 {2}called: 503 status_5xx in 31 ms {2}/);
    expect(stdout).toMatch(/ {2}signature: verified \(v1a\) {2}here: 200 in \d+ ms\n$/);
    expect(stderr).toContain(`Listening to try, forwarding to ${target}. Nothing is recorded as delivered by it.`);
    expect(stderr).toContain("It has no address");
    const [one] = received;
    expect([received.length, one?.path, one?.body, one?.headers["x-shop"], one?.headers["x-key"]]).toEqual([
      1,
      "/hook?shop=1",
      copy.request.body,
      "1",
      undefined,
    ]);
    const { headers, body = "" } = one ?? {};
    await expect(verifyWebhook({ headers: headers ?? {}, body, keys: WHSEC, now: NOW })).resolves.toMatchObject({
      id: "msg_1",
    });
    expect(new Set(asked.filter(({ method }) => method !== "GET").map(({ path }) => path)).size).toBe(1);
    expect(asked.find(({ path }) => path.endsWith("jwks.json"))?.headers.get("authorization")).toBeNull();
  });

  it("shows what was kept between its lease and its first poll", async () => {
    const kept: object[] = [];
    const { stdout } = await listening([], {
      pages: [],
      answer: ({ method, path }) => {
        if (method === "PUT") kept.push(copyOf(1));
        if (!path.includes("/copies") || kept.length === 0) return undefined;
        // Without a cursor it would begin after what is there.
        const cursor = /[?&]cursor=([^&]*)/.exec(path)?.[1];
        const items = cursor === "c1" ? kept : [];
        return cursor === "kept"
          ? undefined
          : { body: { items, nextCursor: "kept", hasMore: false, consistency: "strong" } };
      },
    });
    expect(stdout).toMatch(/ {2}#1 {2}t-1 v1/);
  });

  it("reads on from where it was, and says --replay-last to the API", async () => {
    const { asked } = await listening(["--replay-last", "2"], { pages: [[copyOf(1)], [copyOf(2)]] });
    const polls = asked.filter(({ path }) => path.includes("/copies")).map(({ path }) => path.split("?")[1]);
    expect(polls).toEqual(["newest=2", "cursor=c1", "cursor=c2"]);
  });

  it.each<[string, Partial<Call>, string[], Record<string, string>, RegExp]>([
    ["both, with the secret", {}, ["--secret", WHSEC], {}, /signature: verified \(v1a, v1\)/],
    ["both, with the secret of a variable", {}, [], { CONFIRMATIONS_WEBHOOK_SECRET: WHSEC }, /verified \(v1a, v1\)/],
    ["another key's", { keys: keysOf(Buffer.alloc(32, 9)) }, [], {}, /NOT verified: v1a: .*SIGNATURE_INVALID/],
    ["another secret's", {}, ["--secret", `whsec_${"B".repeat(44)}`], {}, /NOT verified: v1: .*SIGNATURE_INVALID/],
    ["v1 alone", { keys: KEYS.slice(0, 1) }, [], {}, /NOT verified: it is signed with v1 alone.*--secret/],
    ["none", { keys: [] }, [], {}, /NOT verified: it has no signature/],
    ["old", { now: NOW - 720_000 }, [], {}, /verified \(v1a\), 12 min old, which a verifier refuses/],
    ["ahead", { now: NOW + 720_000 }, [], {}, /verified \(v1a\), 12 min ahead of this machine's clock/],
  ])("says what is to be said of a signature: %s", async (_, changes, args, environment, says) => {
    const { stdout } = await listening(args, { pages: [[copyOf(1, changes)]], environment });
    expect(stdout).toMatch(says);
  });

  it("says that nobody was called, of what has no address, and of what an event is", async () => {
    const unsent = { attempt: undefined, result: { outcome: "url_missing", error: "none" } };
    const sent = copyOf(1, {}, unsent);
    const { url: _none, ...request } = sent.request;
    const nowhere = { ...sent, request };
    const test = copyOf(2, { webhook: { id: "job", body: '{"type":"webhook.test"}' } }, { transactionId: undefined });
    const { stdout } = await listening([], { pages: [[nowhere, test]] });
    expect(stdout).toMatch(/#1 {2}t-1 v1 {2}called: nobody \(url_missing\) {2}signature: verified \(v1a\)\n/);
    expect(stdout).toMatch(/#2 {2}webhook\.test {2}called: /);
  });

  it("prints a line of JSON for each copy, and nothing else on standard output", async () => {
    const { stdout } = await listening(["--forward-to", target, "--json"], { pages: [[copyOf(1), copyOf(2)]] });
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toEqual(
      [1, 2].map((number) => ({
        ...copyOf(number),
        signature: { verified: true, schemes: ["v1a"], ageSeconds: 0 },
        forwarded: { status: 200, durationMs: expect.any(Number) },
        isReplay: false,
      })),
    );
  });

  it("follows no redirect, and says what it got", async () => {
    answering = { status: 302, headers: { location: "http://127.0.0.1:9/elsewhere" } };
    const { stdout } = await listening(["--forward-to", target], { pages: [[copyOf(1)]] });
    expect([stdout.includes("here: 302 in"), received.length]).toEqual([true, 1]);
  });

  it("says that nobody listens here, and goes on", async () => {
    const { code, stdout } = await listening(["--forward-to", "http://127.0.0.1:9"], {
      pages: [[copyOf(1), copyOf(2)]],
    });
    expect([code, stdout.match(/here: nobody listens there \(ECONNREFUSED\)/g)?.length]).toEqual([0, 2]);
  });
});

describe("keys", () => {
  it("replay the last one, or one by its number, and q ends", async () => {
    const going = { pages: [[copyOf(11), copyOf(12)]], keys: ["r", "1", "1", "r", "9", "9", "r", "x", "q"] };
    const { code, stdout, stderr, asked } = await listening(["--forward-to", target], going);
    expect([code, received.map(({ headers }) => headers["webhook-id"])]).toEqual([
      0,
      ["msg_11", "msg_12", "msg_12", "msg_11"],
    ]);
    expect(stdout.match(/\(replayed\)$/gm)).toHaveLength(2);
    expect(stderr).toContain("There is no #99.");
    expect(received[2]).toEqual(received[1]);
    expect(methodsOf(asked).at(-1)).toBe("DELETE");
  });

  it("have nothing to replay at first; Ctrl-C ends too", async () => {
    const { code, stderr } = await listening([], { pages: [[]], keys: ["r", "\u0003"] });
    expect([code, stderr.includes("Nothing to replay yet.")]).toEqual([0, true]);
  });
});

describe("what goes wrong", () => {
  it("in passing is told once and tried again, and no copy is shown twice or lost", async () => {
    const down: Answer = { status: 503, body: { title: "Away", detail: "just now" } };
    const { code, stdout, stderr, slept } = await listening([], {
      pages: [[copyOf(1)], down, { status: 429, body: {} }, down, [copyOf(2)]],
    });
    expect([code, stdout.match(/#\d/g)]).toEqual([0, ["#1", "#2"]]);
    expect(stderr.match(/Trying again until it answers\./g)).toHaveLength(1);
    expect(stderr.match(/The API answers again\./g)).toHaveLength(1);
    expect(slept.slice(0, 3)).toEqual([1000, 2000, 4000]);
  });

  it("with a token that has expired is another token", async () => {
    const expired: Answer = { status: 401, body: { title: "No", detail: "expired" } };
    const { code, stdout, tokens } = await listening([], { pages: [[copyOf(1)], expired, [copyOf(2)]] });
    expect([code, stdout.match(/#\d/g), tokens.length]).toEqual([0, ["#1", "#2"], 2]);
  });

  it("for good ends it, with the lease given back", async () => {
    const live: Answer = { status: 409, body: { title: "Conflict", detail: "got a live merchant" } };
    const { code, stderr, asked } = await listening([], { pages: [[copyOf(1)], live] });
    expect([code, methodsOf(asked).at(-1)]).toEqual([1, "DELETE"]);
    expect(stderr).toContain("got a live merchant");
  });

  it.each<[string, Answer, number]>([
    ["no merchant", { status: 404, body: { title: "No", detail: "none" } }, 3],
    ["a live merchant", { status: 409, body: { title: "No", detail: "live" } }, 1],
    ["no scope", { status: 403, body: { title: "No", detail: "scope" } }, 4],
    ["an API that is away", { status: 503, body: { title: "No", detail: "away" } }, 1],
  ])("at the beginning ends it at once: %s", async (_, answer, exit) => {
    const { code, asked } = await listening([], {
      pages: [],
      answer: ({ method }) => (method === "PUT" ? answer : undefined),
    });
    expect([code, methodsOf(asked).filter((method) => method !== "PUT")]).toEqual([exit, ["GET"]]);
  });

  it("before the lease, such as no merchant, ends it without one and says what to do", async () => {
    const unknown: Answer = { status: 404, body: { title: "No", detail: "none" } };
    const { code, asked, stderr } = await listening([], { pages: [unknown] });
    expect([code, methodsOf(asked)]).toEqual([3, ["GET"]]);
    expect(stderr).toContain("merchants register try --environment sandbox");
  });

  it("with a lease that cannot be given back is told, and is no failure", async () => {
    const { code, stderr } = await listening([], {
      pages: [],
      answer: ({ method }) => (method === "DELETE" ? { status: 503, body: {} } : undefined),
    });
    expect([code, stderr.includes("it ends by itself within a minute")]).toEqual([0, true]);
  });

  it("renews the lease every 20 seconds, while nothing comes too", async () => {
    const { asked, slept } = await listening([], { pages: Array.from({ length: 59 }, () => []) });
    const last = methodsOf(asked).filter((method) => method === "PUT").length;
    // The pages say that there is more, so that only failures and the end would let time pass.
    expect([last, slept.length]).toEqual([1, 1]);
    const quiet = await listening([], { pages: Array.from({ length: 59 }, () => [] as object[]), isQuiet: true });
    const seconds = quiet.slept.reduce((sum, ms) => sum + ms, 0) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(59);
    expect(methodsOf(quiet.asked).filter((method) => method === "PUT")).toHaveLength(1 + Math.floor(seconds / 20));
  });
});

describe("where copies may go", () => {
  it.each([
    "http://10.0.0.1:9000",
    "http://shop.example:9000",
    "http://127.0.0.1.nip.io:9000",
    "http://0.0.0.0:9000",
    "http://[::]:9000",
    "http://169.254.169.254/latest",
    "http://localhost.:9000",
    "http://user@localhost:9000",
    "https://localhost:9000",
    "ftp://localhost",
    "localhost:9000",
    "9000",
  ])("refuses %s before anything is asked", async (url) => {
    const { code, stderr, asked } = await ran(["listen", "--merchant", "try", "--forward-to", url]);
    expect([code, asked]).toEqual([2, []]);
    expect(stderr).toMatch(
      /^--forward-to is .*, expected an http URL of this machine .*run the command where your server runs/,
    );
  });

  it.each(["whsec_x", "hunter22", `whsec_${"A".repeat(20)}`])(
    "refuses the secret %s, and does not show it",
    async (secret) => {
      const { code, stderr, asked } = await ran(["listen", "--merchant", "try", "--secret", secret]);
      expect([code, asked, stderr.includes(secret)]).toEqual([2, [], false]);
    },
  );
});
