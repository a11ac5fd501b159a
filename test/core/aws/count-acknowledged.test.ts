import { describe, expect, it } from "@jest/globals";
import { countAcknowledged } from "../../../core/aws/count-acknowledged.ts";
import type { RecordedAcknowledgement } from "../../../core/aws/record-acknowledgement.ts";
import { METRICS } from "../../../core/settings/names.ts";

async function counted(recorded: RecordedAcknowledgement): Promise<readonly string[]> {
  const metrics: string[] = [];
  const record = countAcknowledged({
    record: async () => recorded,
    isSandbox: async (merchantId) => merchantId === "try",
    count: (metric) => metrics.push(metric),
  });
  expect(await record({ transactionId: "t-1", version: 1, by: "callback" })).toBe(recorded);
  return metrics;
}

describe("what is acknowledged", () => {
  it.each<[string, RecordedAcknowledgement, readonly string[]]>([
    ["once", { kind: "confirmed", isNew: true, at: 5, merchantId: "m-1" }, [METRICS.acknowledged]],
    ["apart in the sandbox", { kind: "confirmed", isNew: true, at: 5, merchantId: "try" }, [METRICS.sandboxConfirmed]],
    ["as live where nobody knows whose it is", { kind: "confirmed", isNew: true, at: 5 }, [METRICS.acknowledged]],
    ["not again", { kind: "confirmed", isNew: false, at: 5 }, []],
    ["not where it was refused", { kind: "not sent" }, []],
  ])("is counted %s", async (_, recorded, metrics) => {
    expect(await counted(recorded)).toEqual(metrics);
  });
});
