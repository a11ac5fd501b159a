/**
 * Challenges over real sockets, by either transport: of addresses that must never be called, which nobody may notice,
 * and of servers that answer anything but what they should.
 */
import { createHmac } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer, type Server } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { ChallengeResult } from "../../../../core/aws/merchant-origins.ts";
import { MerchantCalls } from "../../../../core/confirmation/calls/merchant-calls.ts";
import { AddressGuard } from "../../../../core/delivery/address-guard.ts";
import { parseDestination } from "../../../../core/delivery/destination.ts";
import { guardedConnector } from "../../../../core/delivery/guarded-connector.ts";
import { CachingResolver } from "../../../../core/delivery/name-resolver.ts";
import { recordedAttempt } from "../../../../core/delivery/recorded-attempt.ts";
import { callMessage } from "../../../../core/jobs/ask-for-call.ts";
import { merchantCallRow, readMerchantCall } from "../../../../core/jobs/merchant-call.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { keysOf } from "../../../support/keys.ts";
import { MemoryJobs } from "../../../support/memory-jobs.ts";
import { type Delivery, type MerchantServer, startMerchant } from "../../../support/merchant-server.ts";
import { neverCalled } from "../../../support/strict-fake.ts";
import { TRANSPORTS, type TransportName, transportsOver } from "../../delivery/over-transports.ts";
import { forbiddenUrls } from "../../delivery/ssrf/asked-urls.ts";
import { FORBIDDEN_ADDRESSES } from "../../delivery/ssrf/corpus.ts";
import { type NameAnswer, startNameServer } from "../../delivery/ssrf/name-server.ts";

const DEADLINE_MS = 20_000;
const SHORT_DEADLINE_MS = 150;
const SECRET = Buffer.alloc(32, 7);
const OTHER = Buffer.alloc(32, 8);
const TRAP = "127.0.0.2";
const PART = Buffer.alloc(65_536, " ");
const stops: (() => Promise<void>)[] = [];
const accepted: string[] = [];
let trap: Server;
let over: TransportName;

beforeAll(async () => {
  trap = createServer((socket) => {
    accepted.push(TRAP);
    socket.destroy();
  });
  trap.listen(0, TRAP);
  await once(trap, "listening");
});
afterAll(() => void trap.close());
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  expect(accepted.splice(0)).toEqual([]);
});

const trapPort = () => (trap.address() as { port: number }).port;
const noNames = (name: string): NameAnswer => {
  throw new Error(`${name} was asked for, and must not be in this test`);
};

/** Challenges as a program that delivers does. @param listed what the operator allows */
async function challenging(
  listed: readonly string[],
  names: (name: string, before: number) => NameAnswer,
  deadlineMs = DEADLINE_MS,
) {
  const nameServer = await startNameServer(names);
  const clock = new FakeClock();
  const guard = new AddressGuard(listed);
  const resolver = new CachingResolver(5000, clock.now, nameServer.resolver, undefined, { hasIpv6: () => true });
  const transports = transportsOver(over, guardedConnector(guard, resolver, DEADLINE_MS, Date.now), { maxPools: 100 });
  stops.push(
    async () => transports.close(),
    () => nameServer.stop(),
  );
  const jobs = new MemoryJobs();
  const results: ChallengeResult[] = [];
  const merchant = { merchantId: "m-1", secretKeyVersion: "1", confirmationUrl: "https://shop.example/" };
  const calls = new MerchantCalls({
    jobs,
    merchants: {
      get: () => ({ merchant, keys: keysOf(SECRET), destination: undefined }),
      credentialsOf: async () => ({ kind: "there", keys: keysOf(SECRET) }),
      tokenRefused: neverCalled("tokenRefused"),
      destinationOf: (url) => parseDestination(url, guard),
      takeRoom: async () => () => undefined,
      call: (call) => recordedAttempt(transports.of(call), call),
      isOurs: () => false,
      isOursInSandbox: () => false,
    },
    origins: { record: async (result) => Boolean(results.push(result)) },
    deadlineMs,
    clock: { now: clock.now, elapsedMs: clock.elapsedMs, isWrongAt: () => false },
    info: () => undefined,
    warn: () => undefined,
  });
  let count = 0;
  const challenge = async (url: string) => {
    const jobId = `ch_${(count += 1)}`;
    const asked = { jobId, kind: "challenge", merchantId: "m-1", requestedBy: "ada", url } as const;
    jobs.put(merchantCallRow(asked, clock.now()));
    expect(await calls.handle(callMessage(jobId))).toBe("done");
    const { outcome = "", error = "" } = readMerchantCall(jobs.rows.get(jobId) ?? {})?.result ?? {};
    return { outcome, error, isVerified: results.at(-1)?.error === undefined };
  };
  return { challenge, clock };
}

const nonceOf = ({ body }: Delivery): string => (JSON.parse(body) as { data: { challenge: string } }).data.challenge;
const hmac = (nonce: string, secret = SECRET) => createHmac("sha256", secret).update(nonce);
const right = (delivery: Delivery) => JSON.stringify({ challenge: hmac(nonceOf(delivery)).digest("base64") });

type Answer = (response: ServerResponse, delivery: Delivery, earlier: readonly Delivery[]) => void;

/** One endpoint that answers as told; challenged as often as wanted. */
async function endpoint(answer: Answer, deadlineMs?: number) {
  const server: MerchantServer = await startMerchant((response) => {
    const earlier = server.deliveries.slice(0, -1);
    const delivery = server.deliveries.at(-1);
    if (delivery !== undefined) answer(response, delivery, earlier);
  });
  stops.push(() => server.stop());
  const { challenge } = await challenging([`127.0.0.1:${server.port}`], noNames, deadlineMs);
  return { challenge: () => challenge(`${server.origin}/hook`), server };
}

/** Sends the same again and again, each once the one before has left this process. */
function onAndOn(response: ServerResponse, bytes: Buffer): void {
  response.write(bytes, (error) => (error ? undefined : setImmediate(() => onAndOn(response, bytes))));
}

describe.each(TRANSPORTS)("over %s", (transport) => {
  beforeAll(() => {
    over = transport;
  });

  describe("a challenge of an address inside", () => {
    it.each(Object.keys(forbiddenUrls(0)))("goes nowhere: %s", async (what) => {
      const { challenge } = await challenging([], noNames);
      for (const url of forbiddenUrls(trapPort())[what] ?? [])
        expect([url, await challenge(url)]).toEqual([
          url,
          {
            outcome: expect.stringMatching(/^url_(?:invalid|not_allowed)$/),
            error: expect.any(String),
            isVerified: false,
          },
        ]);
    });

    it.each(Object.entries(FORBIDDEN_ADDRESSES))("goes nowhere by a name: %s", async (_, all) => {
      const { challenge } = await challenging([], (name) => [all[Number(/^m(\d+)/.exec(name)?.[1])] ?? TRAP]);
      for (const index of all.keys())
        expect(await challenge(`https://m${index}.evil.example:${trapPort()}/`)).toMatchObject({
          outcome: "refused",
          isVerified: false,
        });
    });

    it("goes nowhere once a name that was verified resolves to it", async () => {
      const server = await startMerchant((response) => {
        const delivery = server.deliveries.at(-1);
        if (delivery !== undefined) response.setHeader("connection", "close").end(right(delivery));
      });
      stops.push(() => server.stop());
      const { challenge, clock } = await challenging([`127.0.0.1:${server.port}`], (_, before) => [
        before === 0 ? "127.0.0.1" : TRAP,
      ]);
      const url = `http://rebinding.test:${server.port}/`;
      expect(await challenge(url)).toMatchObject({ outcome: "verified", isVerified: true });
      clock.advance(2000);
      expect(await challenge(url)).toMatchObject({ outcome: "refused", isVerified: false });
    });
  });

  describe("a challenge is answered by", () => {
    it.each<[string, Answer]>([
      ["the HMAC of its nonce", (response, delivery) => response.end(right(delivery))],
      ["that with another 2xx", (response, delivery) => response.writeHead(202).end(right(delivery))],
      ["that beside other members", (response, delivery) => response.end(right(delivery).replace("{", '{"ok":true,'))],
    ])("%s", async (_, answer) => {
      const { challenge } = await endpoint(answer);
      expect(await challenge()).toMatchObject({ outcome: "verified", isVerified: true });
    });
  });

  describe("a challenge is not answered by", () => {
    it.each<[string, Answer, string]>([
      ["what came in", (response, { body }) => response.end(body), "wrong_response"],
      [
        "its nonce",
        (response, delivery) => response.end(JSON.stringify({ challenge: nonceOf(delivery) })),
        "wrong_response",
      ],
      [
        "its signature",
        (response, { headers }) => response.end(JSON.stringify({ challenge: headers["webhook-signature"] })),
        "wrong_response",
      ],
      [
        "the HMAC under the secret of another merchant, who relays it",
        (response, delivery) =>
          response.end(JSON.stringify({ challenge: hmac(nonceOf(delivery), OTHER).digest("base64") })),
        "wrong_response",
      ],
      [
        "the HMAC in upper-case hex",
        (response, delivery) =>
          response.end(JSON.stringify({ challenge: hmac(nonceOf(delivery)).digest("hex").toUpperCase() })),
        "wrong_response",
      ],
      [
        "the HMAC in base64url",
        (response, delivery) =>
          response.end(JSON.stringify({ challenge: hmac(nonceOf(delivery)).digest("base64url") })),
        "wrong_response",
      ],
      ["more than the HMAC", (response, delivery) => response.end(`${right(delivery)}}`), "wrong_response"],
      ["the HMAC and bytes", (response, delivery) => response.end(`${right(delivery)}\0`), "wrong_response"],
      [
        "the HMAC with more padding",
        (response, delivery) => response.end(right(delivery).replace('="', '=="')),
        "wrong_response",
      ],
      [
        "a compressed HMAC",
        (response, delivery) => response.setHeader("content-encoding", "gzip").end(gzipSync(right(delivery))),
        "wrong_response",
      ],
      ["an HMAC without a body", (response) => response.writeHead(204).end(), "wrong_response"],
      ["the HMAC with 4xx", (response, delivery) => response.writeHead(404).end(right(delivery)), "status_4xx"],
      ["the HMAC with 401", (response, delivery) => response.writeHead(401).end(right(delivery)), "status_4xx"],
      ["the HMAC with 5xx", (response, delivery) => response.writeHead(503).end(right(delivery)), "status_5xx"],
      [
        "the HMAC with a redirect inside",
        (response, delivery) =>
          response.writeHead(307, { location: `http://${TRAP}:${trapPort()}/` }).end(right(delivery)),
        "redirect",
      ],
      [
        "the HMAC and an end that comes too soon",
        (response, delivery) =>
          response.writeHead(200, { "content-length": "500" }).write(right(delivery), () => response.destroy()),
        "connection",
      ],
      ["no word", (response) => response.destroy(), "connection"],
      ["10 MB", (response) => onAndOn(response, PART), "wrong_response"],
    ])("%s", async (_, answer, outcome) => {
      const { challenge, server } = await endpoint(answer);
      expect(await challenge()).toMatchObject({ outcome, error: expect.stringMatching(/./), isVerified: false });
      expect(server.deliveries).toHaveLength(1);
    });

    it.each<[string, Answer]>([
      ["silence", () => undefined],
      ["the HMAC and no end", (response, delivery) => void response.write(right(delivery))],
      [
        "a byte now and then",
        (response) => onAndOn(response.writeHead(200, { "content-length": "9999999" }), Buffer.from(" ")),
      ],
    ])("%s", async (what, answer) => {
      const { challenge } = await endpoint(answer, SHORT_DEADLINE_MS);
      const { outcome, isVerified } = await challenge();
      // A byte now and then is soon more than a line, where this machine is fast.
      expect([isVerified, what.startsWith("a byte") || outcome === "timeout"]).toEqual([false, true]);
    });

    it("the HMAC of the challenge before", async () => {
      const { challenge } = await endpoint((response, _, [first]) => response.end(first ? right(first) : "{}"));
      expect((await challenge()).outcome).toBe("wrong_response");
      expect(await challenge()).toMatchObject({ outcome: "wrong_response", isVerified: false });
    });
  });
});
