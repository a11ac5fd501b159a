import { BatchGetItemCommand, DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { bySdkAlone } from "../../../../core/aws/fast-path/fast-path-call.ts";
import { type MerchantSide, merchantSide } from "../../../../core/confirmation/merchants/merchant-side.ts";
import type { PreparedCall } from "../../../../core/delivery/prepare.ts";
import { merchantRow, text, transactionRow } from "../../../support/rows.ts";
import { neverCalled } from "../../../support/strict-fake.ts";

const WINDOW = 64;
/** A tenth of both windows. */
const SANDBOX_WINDOW = 12;
const dynamodb = mockClient(DynamoDBClient);
const counts: string[] = [];
let side: MerchantSide;

beforeEach(() => {
  dynamodb.reset();
  dynamodb.on(BatchGetItemCommand).callsFake((input: { RequestItems: Record<string, { Keys: never[] }> }) => {
    const ids = (input.RequestItems["Merchants"]?.Keys ?? []) as { merchantId: { S: string } }[];
    const rowOf = (merchantId: string) =>
      merchantRow({
        merchantId: text(merchantId),
        confirmationUrl: text(`https://${merchantId}.example/in`),
        ...(merchantId.startsWith("dev") && { environment: text("sandbox") }),
      });
    return { Responses: { Merchants: ids.map(({ merchantId }) => rowOf(merchantId.S)) } };
  });
  // Each slot has all of its tokens.
  dynamodb.on(UpdateItemCommand).resolves({});
  counts.length = 0;
  side = merchantSide({
    env: {
      merchantsTable: "Merchants",
      merchantGatesTable: "MerchantGates",
      masterKeys: JSON.stringify({ 1: "k".repeat(32) }),
      circuit: { openMs: 5000, maxOpenMs: 120_000 },
      sandbox: { ratePerSecond: 100, concurrency: 5 },
      maxBodyBytes: 100_000,
      resendOnClosedConnection: true,
      window: WINDOW,
      orderedWindow: WINDOW,
      deadlineMs: 10_000,
      nameServers: [],
      transport: "http1",
      proxyUrl: "",
      allowDestinations: [],
      refuseDestinations: [],
      allowPorts: [],
    },
    connections: {
      dynamodb: new DynamoDBClient({ region: "eu-central-1" }),
      toTable: bySdkAlone,
      openSecret: async () => neverCalled("openSecret")(),
      copies: undefined,
    },
    breaker: { begin: () => 0 as never, ended: () => undefined, dropped: () => undefined },
    telemetry: { count: (metric) => void counts.push(metric), warn: () => undefined },
    clock: { now: Date.now, elapsedMs: () => performance.now(), random: () => 0.5, pause: async () => undefined },
  });
});
afterEach(() => side.close());

async function prepared(merchantId: string): Promise<PreparedCall> {
  const call = await side.port.prepare(transactionRow({ merchantId: text(merchantId) }));
  if ("code" in call) throw new Error(call.reason);
  if (call.transaction !== undefined) throw new Error("it has channels");
  return call;
}

/** Enters as often as it may. @returns how often that was */
async function fill(merchantId: string, most: number): Promise<number> {
  const { merchant, destination } = await prepared(merchantId);
  for (let entered = 0; ; entered += 1)
    if (entered === most || (await side.port.enter(merchant, destination)).kind !== "open") return entered;
}

describe("what calls merchants", () => {
  it("gives one of the sandbox its limits, whatever its row says", async () => {
    const { merchant } = await prepared("dev-1");
    expect(merchant).toMatchObject({ environment: "sandbox", rateLimitPerSecond: 100, maxConcurrency: 5 });
    expect((await prepared("shop")).merchant).not.toHaveProperty("maxConcurrency");
  });

  it("lets the sandbox have a tenth of the window, however many merchants, and live ones all of it", async () => {
    const before = await fill("shop-a", WINDOW);
    let inSandbox = 0;
    for (let merchant = 0; merchant < 40; merchant += 1) inSandbox += await fill(`dev-${merchant}`, WINDOW);
    expect(inSandbox).toBeGreaterThan(SANDBOX_WINDOW / 2);
    expect(inSandbox).toBeLessThanOrEqual(SANDBOX_WINDOW);
    // As much as if there was no sandbox.
    expect(await fill("shop-b", WINDOW)).toBe(before);
  });

  it("has a sandbox merchant's circuit and disabled URL in no count", async () => {
    const { merchant, destination } = await prepared("dev-1");
    for (let call = 0; call < 12; call += 1) {
      const entry = await side.port.enter(merchant, destination);
      if (entry.kind === "open") await entry.leave({ kind: "failed", class: "timeout", error: "silent" });
    }
    expect(await side.port.enter(merchant, destination)).toEqual({ kind: "closed", reason: "circuit open" });
    expect(await side.port.disable("dev-1", destination, "410")).toBe(true);
    expect([counts, side.healthDirectory.openCircuits(120_000, Date.now())]).toEqual([[], 0]);
  });

  it("says of a merchant whether it is of the sandbox", async () => {
    expect(await Promise.all(["dev-1", "shop", undefined].map((id) => side.port.isSandbox(id)))).toEqual([
      true,
      false,
      false,
    ]);
  });
});
