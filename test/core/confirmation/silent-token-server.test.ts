import { describe, expect, it } from "@jest/globals";
import { InFlightMessage } from "../../../core/confirmation/in-flight-message.ts";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { BoundedWait } from "../../../core/delivery/bounded-wait.ts";
import { CredentialsOfMerchants } from "../../../core/delivery/credentials.ts";
import { KeyRing } from "../../../core/delivery/key-ring.ts";
import { AccessTokens, type Asked } from "../../../core/delivery/oauth2/access-tokens.ts";
import { prepareCall } from "../../../core/delivery/prepare.ts";
import type { Merchant } from "../../../core/merchant/merchant.ts";
import { parseMasterKeys } from "../../../core/signing/signature.ts";
import { encodeMessage } from "../../../core/transaction/message.ts";
import { number, text, transactionRow } from "../../support/rows.ts";
import { VISIBILITY_SECONDS, workerHarness } from "../../support/worker-harness.ts";

const WINDOW = 512;
const silence = async () => new Promise<never>(() => undefined);
const refusal = async (): Promise<Asked> => ({ error: "the token server answered 401", isOurs: false });
const masterKeys = parseMasterKeys(JSON.stringify({ 1: "k".repeat(32) }));

/** The worker's way with merchants `token-…`, whose token server answers as the test says, and others. */
function bench(answer: (merchantId: string) => Promise<Asked>) {
  const known = new Map<string, Merchant>();
  const made: { credentials?: CredentialsOfMerchants } = {};
  const server = { answer };
  const asked: string[] = [];
  const circuits: string[] = [];
  const merchantOf = (merchantId: string): Merchant => {
    const merchant = known.get(merchantId) ?? {
      merchantId,
      secretKeyVersion: "1",
      confirmationUrl: `https://${merchantId}.example/`,
      ...(merchantId.startsWith("token") && { connection: { oauth2: OAUTH2 } }),
    };
    known.set(merchantId, merchant);
    return merchant;
  };
  const credentials = () => made.credentials as CredentialsOfMerchants;
  const one = workerHarness(undefined, {
    merchants: {
      prepare: (row) =>
        prepareCall(row, {
          merchants: {
            get: (merchantId) => {
              const merchant = merchantOf(merchantId);
              return { merchant, keys: merchant.connection === undefined ? [] : undefined };
            },
          },
          guard: new AddressGuard([]),
          deadlineMs: 10_000,
          maxBodyBytes: 100_000,
        }),
      whyResting: (merchant) => credentials().whyResting(merchant),
      credentialsOf: (merchant) => credentials().of(merchant),
      tokenRefused: (token) => credentials().refused(token),
    },
  });
  const { clock } = one;
  const after = (ms: number, callBack: () => void) => clock.plan(clock.now() + ms, callBack);
  const wait = new BoundedWait({ window: WINDOW, after });
  const { elapsedMs } = clock;
  const warn = () => undefined;
  made.credentials = new CredentialsOfMerchants(
    new KeyRing({
      masterKeys,
      openSecret: async () => "hush",
      wait: new BoundedWait({ window: WINDOW, after }),
      warn,
      now: clock.now,
      elapsedMs,
    }),
    new AccessTokens({
      ask: async ({ merchantId }) => {
        asked.push(merchantId);
        return server.answer(merchantId);
      },
      wait,
      openCircuit: async (merchantId) => void circuits.push(merchantId),
      warn,
      elapsedMs,
    }),
  );
  let sent = 0;
  const begin = async (merchantId: string) => {
    const transactionId = `${merchantId} ${(sent += 1)}`;
    one.table.put(transactionRow({ transactionId: text(transactionId), merchantId: text(merchantId) }));
    const body = encodeMessage({ transactionId, version: 1, release: 0 });
    await one.queue.send([{ body, groupId: transactionId, deduplicationId: transactionId }]);
    const [message] = await one.queue.receive(VISIBILITY_SECONDS);
    if (message === undefined) throw new Error("the queue gave nothing");
    const held = new InFlightMessage(message, clock.now(), VISIBILITY_SECONDS);
    return { transactionId, ending: one.confirmation.handle(held) };
  };
  return { ...one, server, asked, circuits, wait, begin };
}

const OAUTH2 = {
  tokenUrl: "https://token.example/",
  clientId: "us",
  encryptedClientSecret: Buffer.from("sealed"),
  authMethod: "client_secret_basic",
} as const;

describe("while a merchant's token server is silent", () => {
  it("its messages hold a quarter of the places at most, and all others are confirmed at once", async () => {
    const { clock, table, wait, begin } = bench(async (merchantId) =>
      merchantId === "token-silent" ? silence() : { value: "abc", lifeMs: 600_000 },
    );
    let held = 0;
    let mostHeld = 0;
    const others: string[] = [];
    const silent: string[] = [];
    for (let tick = 0; tick < 6000; tick += 1) {
      const isSilent = tick % 100 < 30;
      const { transactionId, ending } = await begin(
        isSilent ? "token-silent" : tick % 2 === 0 ? `m-${tick % 50}` : `token-${tick % 20}`,
      );
      (isSilent ? silent : others).push(transactionId);
      held += 1;
      void ending.then(() => (held -= 1));
      clock.advance(10);
      if (tick % 10 === 9) {
        await clock.pass(0);
        mostHeld = Math.max(mostHeld, held);
        expect(wait.waiting).toBeLessThanOrEqual(WINDOW / 40);
      }
    }
    await clock.pass(1000);
    expect([mostHeld <= WINDOW / 10, held]).toEqual([true, 0]);
    expect(others.filter((id) => table.row(id)["confirmationState"]?.S !== "CONFIRMED")).toEqual([]);
    for (const id of silent)
      expect(table.row(id)).toMatchObject({
        confirmationState: text("SCHEDULED"),
        waitingFor: expect.objectContaining({
          S: expect.stringMatching(/^(?:token unavailable|circuit open|no room)$/),
        }),
        attemptCount: number(0),
      });
  });
});

describe("while a merchant's token server refuses", () => {
  it("a message waits without an attempt, its room is free, and the webhook is not called", async () => {
    const { begin, table, bulkhead, journal } = bench(refusal);
    const { transactionId, ending } = await begin("token-1");
    expect(await ending).toBe("completed");
    expect(table.row(transactionId)).toMatchObject({
      dueKey: text("M#token-1#0"),
      waitingFor: text("token unavailable"),
      attemptCount: number(0),
    });
    expect(bulkhead.inFlight).toBe(0);
    expect(journal).not.toContain("call");
  });

  it("the merchant's circuit opens, for all programs, and the server is asked about once a minute", async () => {
    const { begin, clock, asked, circuits } = bench(refusal);
    for (let second = 0; second < 600; second += 1) {
      await (
        await begin("token-1")
      ).ending;
      clock.advance(1000);
    }
    expect(circuits.length).toBeGreaterThan(0);
    expect(asked.length).toBeLessThan(20);
  });

  it("what waited goes out once there is a token", async () => {
    const { begin, server, clock, table } = bench(refusal);
    await (
      await begin("token-1")
    ).ending;
    server.answer = async () => ({ value: "abc", lifeMs: 600_000 });
    clock.advance(1000);
    const { transactionId, ending } = await begin("token-1");
    await ending;
    expect(table.row(transactionId)["confirmationState"]).toEqual(text("CONFIRMED"));
  });
});
