import { describe, expect, it } from "@jest/globals";
import { SandboxMerchants } from "../../../core/aws/sandbox-merchants.ts";
import type { FoundRows } from "../../../core/aws/merchant-rows.ts";
import { merchantRow, text } from "../../support/rows.ts";

const sandbox = merchantRow({ environment: text("sandbox") });

function bench(read: (ids: readonly string[]) => Promise<FoundRows>) {
  const time = { now: 0 };
  const asked: (readonly string[])[] = [];
  const warnings: string[] = [];
  const merchants = new SandboxMerchants({
    merchants: {
      read: (ids) => {
        asked.push(ids);
        return read(ids);
      },
    },
    warn: (message) => void warnings.push(message),
    now: () => time.now,
  });
  return { merchants, time, asked, warnings };
}

const found = async (): Promise<FoundRows> => ({
  rows: new Map([
    ["dev", sandbox],
    ["odd", merchantRow({ environment: text("staging") })],
    ["shop", merchantRow()],
  ]),
  unread: new Set(["throttled"]),
});

describe("merchants of the sandbox", () => {
  it("are those whose rows say so; who is unknown, unread or unclear is live", async () => {
    const { merchants } = bench(found);
    const all = ["dev", "odd", "shop", "nobody", "throttled", undefined, "", "*"];
    expect([...(await merchants.among(all))]).toEqual(["dev"]);
    expect(await Promise.all([merchants.isOne("dev"), merchants.isOne("shop"), merchants.isOne(undefined)])).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("are read once in half a minute, those that were left unread again at once", async () => {
    const { merchants, time, asked } = bench(found);
    for (const now of [0, 29_999, 30_000]) {
      time.now = now;
      expect([...(await merchants.among(["dev", "shop", "throttled"]))]).toEqual(["dev"]);
    }
    expect(asked).toEqual([["dev", "shop", "throttled"], ["throttled"], ["dev", "shop", "throttled"]]);
  });

  it("are read by a hundred", async () => {
    const { merchants, asked } = bench(found);
    await merchants.among(Array.from({ length: 250 }, (_, index) => `m-${index}`));
    expect(asked.map(({ length }) => length)).toEqual([100, 100, 50]);
  });

  it("are nobody while the table cannot be read: what wakes somebody in vain does less harm", async () => {
    const { merchants, warnings } = bench(async () => Promise.reject(new Error("throttled")));
    expect([...(await merchants.among(["dev"]))]).toEqual([]);
    expect(warnings).toEqual(["environments of merchants not read, they count as live"]);
  });
});
