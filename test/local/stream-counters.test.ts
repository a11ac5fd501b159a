import { describe, expect, it } from "@jest/globals";
import { countStream } from "../../local/stream/stream-counters.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import type { StreamRecord } from "../../local/stream/stream-event.ts";

function row(version: number, state?: string, stateVersion = version): AttributeMap {
  return {
    version: { N: String(version) },
    ...(state !== undefined && { confirmationState: { S: state }, stateVersion: { N: String(stateVersion) } }),
  };
}

function change(before: AttributeMap | undefined, after: AttributeMap | undefined): StreamRecord {
  return {
    sequenceNumber: "1",
    createdAt: 0,
    event: { eventName: "", dynamodb: { ...(before && { OldImage: before }), ...(after && { NewImage: after }) } },
  };
}

describe("what the stream tells", () => {
  it("a transaction's way is counted once at each station", () => {
    const counter = countStream();
    counter.observe([
      change(undefined, row(1)),
      change(row(1), row(1, "SCHEDULED")),
      change(row(1, "SCHEDULED"), row(1, "PENDING")),
      change(row(1, "PENDING"), row(1, "CONFIRMED")),
      change(row(1, "CONFIRMED"), row(1, "CONFIRMED")),
    ]);
    expect(counter.counts).toMatchObject({ seen: 1, confirmed: 1, failed: 0, parked: 0 });
  });

  it("a newer version is pending again, whatever the state says", () => {
    const counter = countStream();
    counter.observe([
      change(row(1, "CONFIRMED"), row(2, "CONFIRMED", 1)),
      change(row(2, "CONFIRMED", 1), row(2, "FAILED")),
    ]);
    expect(counter.counts).toMatchObject({ seen: 1, confirmed: 0, failed: 1, parked: 0 });
  });

  it("rows that were parked before are added", () => {
    const counter = countStream();
    counter.addParked({ parked: 5, waitingForMerchant: 2 });
    counter.observe([change(row(1, "SCHEDULED"), row(1, "PENDING"))]);
    expect(counter.counts).toMatchObject({ parked: 4, waitingForMerchant: 2 });
  });

  it("a row that waits for its merchant is counted as long as it does", () => {
    const counter = countStream();
    const waiting = { ...row(1, "SCHEDULED"), dueKey: { S: "M#m-1#0" } };
    counter.observe([change(row(1), waiting), change(row(1), waiting), change(waiting, row(1, "PENDING"))]);
    expect(counter.counts).toMatchObject({ parked: 1, waitingForMerchant: 1 });
  });

  it("a row that is deleted counts as nothing", () => {
    const counter = countStream();
    counter.observe([change(row(1, "CONFIRMED"), undefined)]);
    expect(counter.counts).toMatchObject({ seen: 0, confirmed: 0, failed: 0, parked: 0 });
  });
});
