import { createHmac } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import type { ChallengeResult } from "../../../../core/aws/merchant-origins.ts";
import type { CalledMerchants } from "../../../../core/confirmation/calls/called-merchants.ts";
import { callVisibilitySeconds, MerchantCalls } from "../../../../core/confirmation/calls/merchant-calls.ts";
import type { Call } from "../../../../core/delivery/attempt.ts";
import { MOST_BYTES, type RecordedAttempt } from "../../../../core/delivery/recorded-attempt.ts";
import { callMessage } from "../../../../core/jobs/ask-for-call.ts";
import {
  type MerchantCall,
  type MerchantCallKind,
  merchantCallRow,
  readMerchantCall,
} from "../../../../core/jobs/merchant-call.ts";
import { failure } from "../../../../core/transaction/failure.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { keysOf } from "../../../support/keys.ts";
import { MemoryJobs } from "../../../support/memory-jobs.ts";
import { neverCalled } from "../../../support/strict-fake.ts";
import { settle } from "../../../support/until.ts";

const DEADLINE_MS = 10_000;
const LEASE_MS = DEADLINE_MS + 10_000;
const MESSAGE = callMessage("test_1");
const URL = "https://merchant.example/in";
const AWAY = { kind: "away", reason: "key unavailable", error: "silent" } as const;
/** Another address than the merchant's own. */
const ASKED = "https://asked.example:8443/hook";
const SECRET = Buffer.alloc(32, 7);
const OTHER = Buffer.alloc(32, 8);
const KEYS = keysOf(SECRET);
const DELIVERED: RecordedAttempt = {
  outcome: { kind: "delivered", status: 200, answer: "ok" },
  request: { headers: { "webhook-id": "test_1" }, body: "{}" },
  response: { status: 200, headers: { server: "x" } },
};
const SILENT: RecordedAttempt = { outcome: { kind: "failed", class: "timeout", error: "no response" } };

function calling(changes: Partial<CalledMerchants> = {}, deadlineMs?: number, kind: MerchantCallKind = "test") {
  const clock = new FakeClock();
  const jobs = new MemoryJobs();
  const results: ChallengeResult[] = [];
  const origins = { record: async (result: ChallengeResult) => Boolean(results.push(result)) };
  const log: string[] = [];
  const made: Call[] = [];
  let held = 0;
  let isWrong = false;
  const merchant = {
    merchantId: "m-1",
    secretKeyVersion: "1",
    confirmationUrl: URL,
    ...(deadlineMs !== undefined && { deadlineMs }),
  };
  const merchants: CalledMerchants = {
    get: () => ({ merchant, keys: KEYS, destination: undefined }),
    credentialsOf: neverCalled("credentialsOf"),
    tokenRefused: neverCalled("tokenRefused"),
    destinationOf: () => ({ origin: "https://merchant.example", path: "/in" }),
    takeRoom: async () => {
      held += 1;
      return () => (held -= 1);
    },
    call: async (call) => {
      made.push(call);
      return DELIVERED;
    },
    isOurs: () => false,
    isOursInSandbox: neverCalled("isOursInSandbox"),
    ...changes,
  };
  const calls = new MerchantCalls({
    jobs,
    merchants,
    origins,
    deadlineMs: DEADLINE_MS,
    clock: { now: clock.now, elapsedMs: clock.elapsedMs, isWrongAt: () => isWrong },
    info: (message) => void log.push(message),
    warn: (message) => void log.push(message),
  });
  const ask = () =>
    jobs.put(
      merchantCallRow(
        { jobId: "test_1", kind, merchantId: "m-1", requestedBy: "ada", ...(kind === "challenge" && { url: ASKED }) },
        clock.now(),
      ),
    );
  ask();
  return {
    clock,
    results,
    jobs,
    log,
    made,
    calls,
    job: () => readMerchantCall(jobs.rows.get("test_1") ?? {}) as MerchantCall,
    inRoom: () => held,
    wrong: () => (isWrong = true),
  };
}

describe("a call that somebody asked for", () => {
  it("is made once, as a signed test event, and recorded with what was sent and came back", async () => {
    const { calls, made, job, inRoom, clock } = calling();
    expect(await calls.handle(MESSAGE)).toBe("done");
    expect(await calls.handle(MESSAGE)).toBe("done");
    expect(made).toEqual([
      expect.objectContaining({
        keys: KEYS,
        deadlineMs: DEADLINE_MS,
        now: clock.now(),
        webhook: {
          id: "test_1",
          body: JSON.stringify({
            type: "webhook.test",
            timestamp: new Date(clock.now()).toISOString(),
            data: { merchantId: "m-1" },
          }),
        },
      }),
    ]);
    expect(job()).toMatchObject({
      state: "done",
      doneAt: clock.now(),
      result: {
        outcome: "delivered",
        durationMs: 0,
        request: { url: URL, headers: { "webhook-id": "test_1" }, body: "{}" },
        response: { status: 200, headers: { server: "x" }, body: "ok" },
      },
    });
    expect(inRoom()).toBe(0);
  });

  it("has the merchant's own deadline, where that is shorter", async () => {
    const { calls, made } = calling({}, 300);
    await calls.handle(MESSAGE);
    expect(made[0]?.deadlineMs).toBe(300);
  });

  it("is recorded with the class of its failure", async () => {
    const { calls, job, inRoom } = calling({ call: async () => SILENT });
    await calls.handle(MESSAGE);
    expect(job().result).toEqual({ outcome: "timeout", error: "no response", durationMs: 0 });
    expect(inRoom()).toBe(0);
  });

  it("is not held against its merchant where our own network was at fault", async () => {
    const { calls, job } = calling({ call: async () => SILENT, isOurs: async () => true });
    await calls.handle(MESSAGE);
    expect(job().result).toMatchObject({
      outcome: "egress_fault",
      error: expect.stringContaining("Our own network was at fault"),
    });
  });

  it.each<[string, Partial<CalledMerchants>, string]>([
    ["its merchant is unknown", { get: async () => failure("merchant_unknown", "who?") }, "merchant_unknown"],
    [
      "its merchant has no URL",
      { get: () => ({ merchant: { merchantId: "m-1", secretKeyVersion: "1" }, keys: KEYS, destination: undefined }) },
      "url_missing",
    ],
    ["the guard refuses", { destinationOf: () => failure("url_not_allowed", "private") }, "url_not_allowed"],
    ["there is no room", { takeRoom: async () => undefined }, "no_room"],
  ])("is not made where %s, and says so", async (_, changes, outcome) => {
    const { calls, made, job, inRoom } = calling(changes);
    expect(await calls.handle(MESSAGE)).toBe("done");
    expect(job().result).toEqual({ outcome, error: expect.any(String) });
    expect(made).toEqual([]);
    expect(inRoom()).toBe(0);
  });

  it.each<[string, CalledMerchants["credentialsOf"], string]>([
    ["not now", async () => ({ kind: "away", reason: "key unavailable", error: "silent" }), "key_unavailable"],
    ["no token", async () => ({ kind: "away", reason: "token unavailable", error: "silent" }), "token_unavailable"],
    ["never", async () => failure("merchant_invalid", "no key"), "merchant_invalid"],
  ])("is not made without its merchant's own key: %s", async (_, credentialsOf, outcome) => {
    const merchant = { merchantId: "m-1", secretKeyVersion: "1", confirmationUrl: URL };
    const get = () => ({ merchant, keys: undefined, destination: undefined });
    const { calls, job, inRoom } = calling({ get, credentialsOf });
    expect(await calls.handle(MESSAGE)).toBe("done");
    expect(job().result).toMatchObject({ outcome });
    expect(inRoom()).toBe(0);
  });

  it("is recorded as expired once its time is over, and not made", async () => {
    const { calls, clock, made, job } = calling();
    clock.advance(60_001);
    expect(await calls.handle(MESSAGE)).toBe("done");
    expect(job().result).toMatchObject({ outcome: "expired" });
    expect(made).toEqual([]);
  });

  it("waits for whoever has begun it, and is made once more under the same id when that one must be gone", async () => {
    const { calls, clock, jobs, made, job } = calling();
    await jobs.begin("test_1", undefined, clock.now());
    expect(await calls.handle(MESSAGE)).toBe("later");
    clock.advance(LEASE_MS);
    expect(await calls.handle(MESSAGE)).toBe("done");
    expect(made.map(({ webhook }) => webhook.id)).toEqual(["test_1"]);
    expect(job()).toMatchObject({ state: "done", startedAt: clock.now() });
  });

  it("is recorded once by two that made it", async () => {
    const first = Promise.withResolvers<RecordedAttempt>();
    let nth = 0;
    const { calls, clock, job } = calling({ call: async () => ((nth += 1) === 1 ? first.promise : SILENT) });
    const slow = calls.handle(MESSAGE);
    await settle();
    clock.advance(LEASE_MS);
    expect(await calls.handle(MESSAGE)).toBe("done");
    const recorded = job();
    first.resolve(DELIVERED);
    expect(await slow).toBe("later");
    expect(job()).toEqual(recorded);
    expect(recorded.result).toMatchObject({ outcome: "timeout" });
  });

  it("ends as expired where whoever made it could not record it", async () => {
    const { calls, clock, jobs, job, log } = calling();
    jobs.fault = () => {
      throw new Error("throttled");
    };
    expect(await calls.handle(MESSAGE)).toBe("later");
    expect(log).toContain("merchant call left in the queue");
    jobs.fault = () => undefined;
    clock.advance(60_001);
    expect(await calls.handle(MESSAGE)).toBe("done");
    expect(job().result).toMatchObject({ outcome: "expired" });
  });

  it("comes again where nothing can be learnt about its merchant, or the clock is wrong", async () => {
    const unread = calling({
      get: async () => {
        throw new Error("throttled");
      },
    });
    expect(await unread.calls.handle(MESSAGE)).toBe("later");
    const { calls, wrong, made, inRoom } = calling();
    wrong();
    expect(await calls.handle(MESSAGE)).toBe("later");
    expect([made, inRoom()]).toEqual([[], 0]);
  });

  it.each(["{}", callMessage("unknown")])("is none for a message that names none: %s", async (message) => {
    const { calls, made } = calling();
    expect(await calls.handle(message)).toBe("done");
    expect(made).toEqual([]);
  });
});

describe("the challenge of an address", () => {
  /** Answers as told, given the HMAC of what came under a secret. */
  const answering =
    (body: (hmac: (secret?: Uint8Array) => string, nonce: string) => string, status = 200): CalledMerchants["call"] =>
    async ({ webhook }) => {
      const { data } = JSON.parse(webhook.body) as { data: { challenge: string } };
      const hmac = (secret: Uint8Array = SECRET) =>
        createHmac("sha256", secret).update(data.challenge).digest("base64");
      return {
        outcome: status < 300 ? { kind: "delivered", status } : { kind: "failed", class: "status_5xx", error: "bad" },
        request: { headers: {}, body: webhook.body },
        response: { status, headers: {} },
        body: Buffer.from(body(hmac, data.challenge)).subarray(0, MOST_BYTES),
      };
    };
  const right = answering((hmac) => JSON.stringify({ challenge: hmac() }));
  const challenge = (changes: Partial<CalledMerchants>) =>
    calling({ credentialsOf: async () => ({ kind: "there", keys: KEYS }), ...changes }, undefined, "challenge");

  it("goes where it was asked for, with a nonce of its own; what comes of it is on row and job", async () => {
    const nonces = new Set<string>();
    for (let round = 0; round < 2; round += 1) {
      const sent: Call[] = [];
      const asked: string[] = [];
      const { calls, job, results } = challenge({
        destinationOf: (url) => {
          asked.push(url);
          return { origin: "https://asked.example:8443", path: "/hook" };
        },
        call: async (call) => {
          sent.push(call);
          return right(call);
        },
      });
      expect(await calls.handle(MESSAGE)).toBe("done");
      expect(asked).toEqual([ASKED]);
      const body = JSON.parse(sent[0]?.webhook.body ?? "") as { type: string; data: Record<string, string> };
      expect(body).toMatchObject({ type: "webhook.challenge", data: { merchantId: "m-1", url: ASKED } });
      expect(body.data["challenge"]).toMatch(/^[\w-]{43}$/);
      nonces.add(body.data["challenge"] ?? "");
      expect(job().result).toMatchObject({ outcome: "verified", response: { status: 200 } });
      expect(results).toEqual([
        { merchantId: "m-1", origin: "https://asked.example:8443", jobId: "test_1", error: undefined },
      ]);
    }
    expect(nonces.size).toBe(2);
  });

  it.each<[string, CalledMerchants["call"], string, RegExp]>([
    [
      "what came in",
      answering((_, nonce) => JSON.stringify({ challenge: nonce })),
      "wrong_response",
      /challenge itself/,
    ],
    ["nothing of use", answering(() => "ok"), "wrong_response", /no JSON object.*expected 2xx with \{"challenge"/],
    ["more than a line", answering((hmac) => `{"challenge":"${hmac()}"}${" ".repeat(5000)}`), "wrong_response", /4096/],
    ["under another secret", answering((hmac) => `{"challenge":"${hmac(OTHER)}"}`), "wrong_response", /not the HMAC/],
    ["rightly, with a 500", answering((hmac) => `{"challenge":"${hmac()}"}`, 500), "status_5xx", /bad/],
    ["nothing", async () => SILENT, "timeout", /no response/],
  ])("fails where the answer is %s, and says why", async (_, call, outcome, why) => {
    const { calls, job, results } = challenge({ call });
    expect(await calls.handle(MESSAGE)).toBe("done");
    expect(job().result).toMatchObject({ outcome, error: expect.stringMatching(why) });
    expect(results).toEqual([expect.objectContaining({ error: expect.stringMatching(why) })]);
  });

  it.each<[string, Partial<CalledMerchants>]>([
    ["there is no room", { takeRoom: async () => undefined }],
    ["its secret cannot be opened", { credentialsOf: async () => AWAY }],
    ["our own network is at fault", { call: async () => SILENT, isOurs: () => true }],
  ])("is made again while %s, which says nothing about the address, until its time is over", async (_, changes) => {
    const { calls, clock, results, job } = challenge(changes);
    expect([await calls.handle(MESSAGE), results]).toEqual(["later", []]);
    clock.advance(900_001);
    expect(await calls.handle(MESSAGE)).toBe("done");
    expect(job().result).toMatchObject({ outcome: "expired" });
    expect(results).toEqual([expect.objectContaining({ error: expect.stringMatching(/^expired/) })]);
  });

  it("is signed with what its merchant chose, though it is answered with the secret", async () => {
    const sent: Call[] = [];
    const merchant = { merchantId: "m-1", secretKeyVersion: "1", confirmationUrl: URL, signatures: ["v1a"] as const };
    const { calls, job } = challenge({
      get: () => ({ merchant, keys: KEYS.filter(({ scheme }) => scheme === "v1a"), destination: undefined }),
      call: async (call) => {
        sent.push(call);
        return right(call);
      },
    });
    await calls.handle(MESSAGE);
    expect([job().result?.outcome, sent[0]?.keys.map(({ scheme }) => scheme)]).toEqual(["verified", ["v1a"]]);
  });

  it("is on its merchant's row before its job is done, or comes again", async () => {
    const { calls, jobs, job, results } = challenge({ call: right });
    jobs.fault = () => {
      throw new Error("throttled");
    };
    expect(await calls.handle(MESSAGE)).toBe("later");
    expect([results.length, job().state]).toEqual([1, "queued"]);
  });
});

it("a message of a call is seen again only when whoever began it must be gone", () => {
  for (const deadlineMs of [1, 999, 10_000, 60_000])
    expect(callVisibilitySeconds(deadlineMs) * 1000).toBeGreaterThan(deadlineMs + 10_000);
});
