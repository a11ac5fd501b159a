import { describe, expect, it } from "@jest/globals";
import type { Merchant } from "../../../core/merchant/merchant.ts";
import { KeyError, parseMasterKeys, secretText } from "../../../core/signing/signature.ts";
import { BoundedWait } from "../../../core/delivery/bounded-wait.ts";
import { KeyRing } from "../../../core/delivery/key-ring.ts";
import { FakeClock, START_MS } from "../../support/fake-clock.ts";

const SECRET = Buffer.alloc(32, 5);
const PREVIOUS = Buffer.alloc(32, 6);
const sealed = (name: string): Uint8Array => Buffer.from(name);
const merchant = (changes: Partial<Merchant> = {}): Merchant => ({
  merchantId: "m-1",
  secretKeyVersion: "1",
  encryptedSecret: sealed("current"),
  ...changes,
});

function bench() {
  const clock = new FakeClock();
  const asked: string[] = [];
  const warnings: string[] = [];
  const kms = { open: async (name: string): Promise<string> => secretText(name === "current" ? SECRET : PREVIOUS) };
  const after = (ms: number, callBack: () => void) => clock.plan(clock.now() + ms, callBack);
  const ring = new KeyRing({
    masterKeys: parseMasterKeys(JSON.stringify({ 1: "k".repeat(32) })),
    openSecret: async (ciphertext, merchantId) => {
      const name = Buffer.from(ciphertext).toString();
      asked.push(`${merchantId} ${name}`);
      return kms.open(name);
    },
    wait: new BoundedWait({ window: 400, after }),
    warn: (message) => void warnings.push(message),
    now: clock.now,
    elapsedMs: clock.elapsedMs,
  });
  return { clock, asked, warnings, kms, ring };
}

const keysIn = async (opening: ReturnType<KeyRing["open"]>) => {
  const opened = await opening;
  return opened !== undefined && "keys" in opened ? opened.keys : undefined;
};
const silence = async () => new Promise<never>(() => undefined);
const refusal = async () => Promise.reject(new Error("AccessDeniedException"));

describe("the ring of keys that KMS opens", () => {
  it("has the key of a secret that was brought along, and the one before while that signs too", async () => {
    const { ring } = bench();
    const previousKey = { until: START_MS + 1000, encryptedSecret: sealed("previous") };
    const keys = (await keysIn(ring.open(merchant({ previousKey })))) as readonly {
      scheme: string;
      key?: { secret: Buffer };
    }[];
    expect(keys.flatMap(({ key }) => (key === undefined ? [] : [key.secret]))).toEqual([SECRET, PREVIOUS]);
  });

  it("asks once for a merchant whose row stays as it is", async () => {
    const { ring, asked } = bench();
    const known = merchant();
    await ring.open(known);
    await ring.open(known);
    expect([asked, ring.isResting(known)]).toEqual([["m-1 current"], false]);
  });

  it("says that a secret is none when it never opens", async () => {
    const { ring, kms } = bench();
    kms.open = async () => Promise.reject(new KeyError("cannot be opened"));
    expect(await ring.open(merchant())).toMatchObject({ code: "merchant_invalid" });
  });

  it.each([
    ["refuses", refusal],
    ["is silent", silence],
  ])("goes without when KMS %s, and does not ask again at once", async (_, open) => {
    const { ring, kms, clock, asked, warnings } = bench();
    kms.open = open;
    const keys = ring.open(merchant());
    await clock.pass(500);
    expect(await keys).toBeUndefined();
    expect(ring.isResting(merchant())).toBe(true);
    expect(await ring.open(merchant())).toBeUndefined();
    expect([asked.length, warnings.length]).toEqual([1, 1]);
  });

  it("is asked by one message after the rest, while the others go without", async () => {
    const { ring, kms, clock, asked } = bench();
    kms.open = silence;
    void ring.open(merchant());
    await clock.pass(500 + 1000);
    const [first, second] = [ring.open(merchant()), ring.open(merchant())];
    expect(await second).toBeUndefined();
    expect([asked.length, ring.isResting(merchant())]).toEqual([2, true]);
    await clock.pass(500);
    expect(await first).toBeUndefined();
  });

  it("asks less and less often while it lasts, about once a minute for each secret", async () => {
    const { ring, kms, clock, asked } = bench();
    kms.open = refusal;
    for (let second = 0; second < 3600; second += 1) {
      await ring.open(merchant());
      clock.advance(1000);
    }
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.length).toBeLessThan(80);
  });

  it("has a secret that came late for the next one that asks", async () => {
    const { ring, kms, clock } = bench();
    const late = Promise.withResolvers<string>();
    kms.open = async () => late.promise;
    const keys = ring.open(merchant());
    await clock.pass(500);
    expect(await keys).toBeUndefined();
    late.resolve(secretText(SECRET));
    await clock.pass(0);
    expect(ring.isResting(merchant())).toBe(false);
    expect(await keysIn(ring.open(merchant()))).toHaveLength(2);
  });

  it("holds nothing against a secret that it had no place to wait for", async () => {
    const { ring, kms, clock, asked } = bench();
    kms.open = silence;
    const others = Array.from({ length: 60 }, async (_, index) =>
      ring.open(merchant({ merchantId: `m-${index + 2}` })),
    );
    expect(await ring.open(merchant())).toBeUndefined();
    expect([asked.length, ring.isResting(merchant())]).toEqual([40, false]);
    await clock.pass(500);
    expect((await Promise.all(others)).every((keys) => keys === undefined)).toBe(true);
  });

  it("remembers by secret: another merchant's, and a new one, are asked for", async () => {
    const { ring, kms, clock } = bench();
    kms.open = async (name) => (name === "current" ? refusal() : secretText(PREVIOUS));
    await ring.open(merchant());
    expect(await keysIn(ring.open(merchant({ encryptedSecret: sealed("new") })))).toHaveLength(2);
    expect(ring.isResting(merchant({ merchantId: "m-2" }))).toBe(false);
    clock.advance(0);
  });
});
