import { describe, expect, it } from "@jest/globals";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { merchantKeys } from "../../../core/signing/merchant-keys.ts";
import { parseMasterKeys, secretText } from "../../../core/signing/signature.ts";
import { MerchantDirectory } from "../../../core/delivery/merchant-directory.ts";
import { writeMirror } from "../../../core/merchant/mirror.ts";
import { writeSwitches } from "../../../core/merchant/modes.ts";
import { tombstone } from "../../../core/merchant/tombstone.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { merchantRow, number, text } from "../../support/rows.ts";
import type { MerchantEntry } from "../../../core/delivery/merchant-cache.ts";

const keys = parseMasterKeys(JSON.stringify({ 1: "k".repeat(32) }));

function directory(...rows: AttributeMap[]) {
  const clock = new FakeClock();
  const table = new Map(rows.map((row) => [row["merchantId"]?.S ?? "", row]));
  const reads: string[][] = [];
  const unread = new Set<string>();
  const read = async (ids: readonly string[]) => {
    reads.push([...ids]);
    return { rows: new Map([...table].filter(([id]) => ids.includes(id))), unread };
  };
  return {
    clock,
    table,
    reads,
    unread,
    directory: new MerchantDirectory({ read }, keys, clock.now, undefined, clock.elapsedMs),
  };
}

describe("the directory of merchants", () => {
  it("gives a merchant with its keys, one of each scheme", async () => {
    const { directory: merchants } = directory(merchantRow());
    const merchant = { merchantId: "m-1", secretKeyVersion: "1", secretSalt: Buffer.alloc(16, 1).toString("base64") };
    const entry = (await merchants.get("m-1")) as MerchantEntry;
    expect(entry.merchant).toEqual({ ...merchant, confirmationUrl: "https://merchant.example/confirmations" });
    expect(entry.keys).toEqual(merchantKeys(keys, merchant, 0));
  });

  it("derives the keys that the merchant chose, and the ones before while they sign too", async () => {
    const chosen = merchantRow({ signatures: { SS: ["v1a"] } });
    expect(await directory(chosen).directory.get("m-1")).toMatchObject({ keys: [{ scheme: "v1a" }] });
    const { clock, directory: merchants } = directory(
      merchantRow({
        previousSecretSalt: text("b2xk"),
        previousSecretKeyVersion: text("1"),
        previousSecretUntil: number(new FakeClock().now() + 20_000),
      }),
    );
    expect(await merchants.get("m-1")).toMatchObject({
      keys: [{ scheme: "v1" }, { scheme: "v1a" }, { scheme: "v1" }, { scheme: "v1a" }],
    });
    clock.advance(20_000);
    expect(await merchants.get("m-1")).toMatchObject({ keys: [{ scheme: "v1" }, { scheme: "v1a" }] });
  });

  it("derives keys of its mirror under that mode alone, and none is no fault of the merchant's", async () => {
    const mirrorKeysWith = async (mode: "mirror" | "shadow", secretKeyVersion = "1") => {
      const mirror = { url: "https://staging.example/", secretSalt: "AAAA", secretKeyVersion };
      const row = merchantRow({ mirror: writeMirror(mirror), switches: writeSwitches([{ mode }]) });
      const entry = (await directory(row).directory.get("m-1")) as MerchantEntry;
      expect(entry.keys).toHaveLength(2);
      return entry.mirrorKeys?.map(({ scheme }) => scheme);
    };
    expect(await mirrorKeysWith("mirror")).toEqual(["v1"]);
    expect(await mirrorKeysWith("shadow")).toBeUndefined();
    expect(await mirrorKeysWith("mirror", "9")).toBeUndefined();
  });

  it("reads a merchant anew for what somebody asked for, and keeps that for all", async () => {
    const { directory: merchants, table } = directory(merchantRow());
    await merchants.get("m-1");
    table.set("m-1", merchantRow({ confirmationUrl: text("https://merchant.example/next") }));
    const { merchant: kept } = (await merchants.get("m-1")) as MerchantEntry;
    expect(kept.confirmationUrl).toBe("https://merchant.example/confirmations");
    const { merchant } = (await merchants.getNew("m-1")) as MerchantEntry;
    expect(merchant.confirmationUrl).toBe("https://merchant.example/next");
    expect(await merchants.get("m-1")).toMatchObject({ merchant });
  });

  const origins = (state: string, origin = "https://merchant.example"): AttributeMap => ({
    origins: { M: { [origin]: { M: { state: text(state), at: number(1) } } } },
  });

  it.each<[string, AttributeMap, boolean]>([
    ["of the sandbox", { environment: text("sandbox") }, true],
    ["whose address nobody asked", { origins: { M: {} } }, true],
    ["whose address is being asked", origins("challenged"), true],
    ["whose address did not answer", origins("failed"), true],
    ["whose address answered", origins("verified"), false],
    ["that is vouched for whole", origins("vouched", "*"), false],
    ["from before there were challenges", {}, false],
  ])("keeps one for a second alone, and knows that it did: one %s", async (_, changes, isBrief) => {
    const { directory: merchants, clock } = directory(merchantRow(changes));
    expect(merchants.wasKeptBriefly("m-1")).toBe(false);
    await merchants.get("m-1");
    clock.advance(1000);
    expect([merchants.isKnown("m-1"), merchants.wasKeptBriefly("m-1")]).toEqual([!isBrief, isBrief]);
  });

  it("reads a merchant once for all that ask together", async () => {
    const { directory: merchants, reads } = directory(merchantRow(), merchantRow({ merchantId: text("m-2") }));
    await Promise.all(["m-1", "m-2", "m-1", "m-1"].map(async (id) => merchants.get(id)));
    expect(reads).toEqual([["m-1", "m-2"]]);
  });

  it("keeps a merchant for ten seconds, so that a change takes effect after them", async () => {
    const { directory: merchants, reads, clock, table } = directory(merchantRow());
    await merchants.get("m-1");
    table.set("m-1", merchantRow({ confirmationUrl: text("https://new.example/") }));
    clock.advance(9999);
    expect(await merchants.get("m-1")).toMatchObject({
      merchant: { confirmationUrl: expect.stringContaining("merchant.example") },
    });
    clock.advance(1);
    expect(await merchants.get("m-1")).toMatchObject({ merchant: { confirmationUrl: "https://new.example/" } });
    expect(reads).toHaveLength(2);
  });

  it("derives no keys anew while its row says the same, and does with whatever changes in it", async () => {
    const { directory: merchants, clock, table } = directory(merchantRow());
    const first = (await merchants.get("m-1")) as MerchantEntry;
    const again = async () => {
      clock.advance(10_000);
      return (await merchants.get("m-1")) as MerchantEntry;
    };
    expect(await again()).toBe(first);
    const changes: AttributeMap[] = [
      { confirmationUrl: text("https://new.example/") },
      { secretSalt: text(Buffer.alloc(16, 2).toString("base64")) },
      { secret: text(secretText(Buffer.alloc(32, 3))) },
      { signatures: { SS: ["v1"] } },
      { maxConcurrency: number(3) },
      { rateLimitPerSecond: number(3) },
      { deadlineMs: number(3000) },
      { retryScheduleSeconds: { L: [] } },
      { retryScheduleSeconds: { L: [number(3)] } },
    ];
    let before = first;
    for (const change of changes) {
      table.set("m-1", merchantRow(change));
      const changed = await again();
      expect(changed.merchant).not.toEqual(before.merchant);
      expect(await again()).toBe(changed);
      before = changed;
    }
  });

  it.each([-3_600_000, 3_600_000])("keeps a merchant for ten seconds though the clock steps by %d ms", async (ms) => {
    const { directory: merchants, clock } = directory(merchantRow());
    await merchants.get("m-1");
    clock.step(ms);
    clock.advance(9999);
    expect(merchants.isKnown("m-1")).toBe(true);
    clock.advance(1);
    expect(merchants.isKnown("m-1")).toBe(false);
  });

  it("takes a deleted merchant for none, once what is kept of it is old, until it is registered again", async () => {
    const { directory: merchants, table, clock } = directory(merchantRow());
    const first = await merchants.get("m-1");
    table.set("m-1", merchantRow(tombstone(clock.now(), { settledDays: 1, manifestDays: 1 }).set));
    clock.advance(9999);
    expect(merchants.learn("m-1", table.get("m-1") ?? {}, clock.elapsedMs())).toMatchObject({
      code: "merchant_deleted",
    });
    expect(await merchants.get("m-1")).toBe(first);
    clock.advance(1);
    for (let asked = 0; asked < 2; asked += 1)
      expect(await merchants.get("m-1")).toMatchObject({
        code: "merchant_deleted",
        fault: "producer",
        reason: expect.stringContaining('"m-1"'),
      });
    table.set("m-1", merchantRow());
    expect(await merchants.get("m-1")).toHaveProperty("keys");
  });

  it("takes it for none whatever its date is", async () => {
    for (const deletedAt of [text("yesterday"), { NULL: true }, number(0)])
      expect(await directory(merchantRow({ deletedAt })).directory.get("m-1")).toMatchObject({
        code: "merchant_deleted",
      });
  });

  it("does not keep that a merchant is unknown", async () => {
    const { directory: merchants, table } = directory();
    expect(await merchants.get("m-1")).toMatchObject({
      code: "merchant_unknown",
      reason: expect.stringContaining('"m-1"'),
    });
    table.set("m-1", merchantRow());
    expect(await merchants.get("m-1")).toHaveProperty("keys");
  });

  it.each<[string, AttributeMap, string]>([
    ["wrong types", merchantRow({ maxConcurrency: text("many") }), "maxConcurrency"],
    ["an unknown key version", merchantRow({ secretKeyVersion: text("9") }), "secretKeyVersion 9"],
    ["a secret that is none", merchantRow({ secret: text("hunter2") }), "whsec_"],
    ["a number for a salt", merchantRow({ secretSalt: number(424_242) }), "secretSalt"],
    ["no scheme to sign with", merchantRow({ signatures: { L: [] } }), "signatures"],
    ["half a rotation", merchantRow({ previousSecret: text("hunter2") }), "previousSecretUntil"],
  ])("says what is wrong with a row that has %s, and no secret", async (_, row, said) => {
    const entry = await directory(row).directory.get("m-1");
    expect(entry).toMatchObject({ code: "merchant_invalid", fault: "pipeline", reason: expect.stringContaining(said) });
    expect(JSON.stringify(entry)).not.toMatch(/hunter2|424242/);
  });

  it("does not keep a row that cannot be used", async () => {
    const { directory: merchants, table } = directory(merchantRow({ secret: text("hunter2") }));
    await merchants.get("m-1");
    table.set("m-1", merchantRow());
    expect(await merchants.get("m-1")).toHaveProperty("keys");
  });

  it("knows nothing about a merchant that was left unread", async () => {
    const { directory: merchants, unread } = directory();
    unread.add("m-1");
    await expect(merchants.get("m-1")).rejects.toMatchObject({ code: "MERCHANT_UNREAD" });
  });

  it("knows those that were read with one that was left unread", async () => {
    const { directory: merchants, unread } = directory(merchantRow(), merchantRow({ merchantId: text("m-2") }));
    unread.add("m-1");
    const [first, second] = await Promise.allSettled(["m-1", "m-2"].map(async (id) => merchants.get(id)));
    expect(first).toMatchObject({ status: "rejected", reason: { code: "MERCHANT_UNREAD" } });
    expect(second).toMatchObject({ status: "fulfilled", value: { merchant: { merchantId: "m-2" } } });
  });
});

describe("a merchant that brought a secret along", () => {
  const encryptedSecret = { B: Buffer.from("sealed") };

  it("is known without its keys: KMS is asked once there is room for its call", async () => {
    const entry = await directory(merchantRow({ encryptedSecret })).directory.get("m-1");
    expect(entry).toMatchObject({ merchant: { merchantId: "m-1" }, keys: undefined });
  });

  it("has its keys at once where it signs with a derived key only", async () => {
    const row = merchantRow({ encryptedSecret, signatures: { SS: ["v1a"] } });
    expect(await directory(row).directory.get("m-1")).toMatchObject({ keys: [{ scheme: "v1a" }] });
  });

  it("has its keys at once when the secret that it brought signs no more", async () => {
    const row = merchantRow({
      previousEncryptedSecret: encryptedSecret,
      previousSecretUntil: number(new FakeClock().now()),
    });
    expect(await directory(row).directory.get("m-1")).toMatchObject({ keys: [{ scheme: "v1" }, { scheme: "v1a" }] });
  });
});
