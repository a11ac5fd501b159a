import type { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "@jest/globals";
import { SpendingCap } from "../../../core/channels/spending-cap.ts";
import { whyReserved } from "../../../core/merchant/reserved-ids.ts";

/** As DynamoDB does with the two updates that there are. */
class CountingTable {
  readonly spent = new Map<string, number>();

  send({ input }: UpdateItemCommand): Promise<object> {
    const item = input.Key?.["merchantId"]?.S ?? "";
    const values = Object.fromEntries(
      Object.entries(input.ExpressionAttributeValues ?? {}).map(([name, { N }]) => [name, Number(N)]),
    );
    const before = this.spent.get(item);
    const most = values[":most"];
    const isHeld = most === undefined ? before !== undefined : before === undefined || before <= most;
    if (!isHeld) return Promise.reject(new ConditionalCheckFailedException({ message: "no", $metadata: {} }));
    this.spent.set(item, (before ?? 0) + (values[":micros"] ?? values[":back"] ?? 0));
    return Promise.resolve({});
  }
}

function capOf(maximumMonthlyUsd: number, time = "2026-11-30T23:59:59Z") {
  const table = new CountingTable();
  const clock = { now: Date.parse(time) };
  const client = table as unknown as DynamoDBClient;
  return {
    table,
    clock,
    cap: new SpendingCap({ client, table: "MerchantGates", maximumMonthlyUsd, now: () => clock.now }),
  };
}

describe("what SMS may cost in a month", () => {
  it("is taken message by message, up to exactly the maximum", async () => {
    const { cap } = capOf(0.3);
    const taken = [await cap.take(0.1), await cap.take(0.1), await cap.take(0.1), await cap.take(0.1)];
    expect(taken.map((one) => one !== undefined)).toStrictEqual([true, true, true, false]);
  });

  it("is not exceeded by many at once", async () => {
    const { cap, table } = capOf(1);
    const taken = await Promise.all(Array.from({ length: 50 }, () => cap.take(0.3)));
    expect(taken.filter((one) => one !== undefined)).toHaveLength(3);
    expect([...table.spent.values()]).toStrictEqual([900_000]);
  });

  it("is there again for what was given back, in the month that it was taken in", async () => {
    const { cap, clock, table } = capOf(0.1);
    const first = await cap.take(0.1);
    clock.now = Date.parse("2026-12-01T00:00:00Z");
    expect(await cap.take(0.1)).toBeDefined();
    if (first !== undefined) await cap.giveBack(first);
    expect(Object.fromEntries(table.spent)).toStrictEqual({
      "sms spent in 2026-11": 0,
      "sms spent in 2026-12": 100_000,
    });
  });

  it("is nothing where the maximum is less than a message", async () => {
    const { cap, table } = capOf(0.05);
    expect(await cap.take(0.1)).toBeUndefined();
    expect(table.spent.size).toBe(0);
  });

  it("is counted in an item that no merchant can be registered as", () => {
    expect(whyReserved("sms spent in 2026-11")).toBe("which is where the pipeline keeps its own");
  });
});
