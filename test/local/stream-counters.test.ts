import { describe, expect, it } from "@jest/globals";
import { countStream } from "../../local/stream/stream-counters.ts";
import type { AttributeMap, StreamRecord } from "../../local/stream/stream-event.ts";

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
    expect(counter.counts).toEqual({ seen: 1, confirmed: 1, failed: 0, parked: 0 });
  });

  it("a newer version is pending again, whatever the state says", () => {
    const counter = countStream();
    counter.observe([
      change(row(1, "CONFIRMED"), row(2, "CONFIRMED", 1)),
      change(row(2, "CONFIRMED", 1), row(2, "FAILED")),
    ]);
    expect(counter.counts).toEqual({ seen: 1, confirmed: 0, failed: 1, parked: 0 });
  });

  it("rows that were parked before are added", () => {
    const counter = countStream();
    counter.addParked(5);
    counter.observe([change(row(1, "SCHEDULED"), row(1, "PENDING"))]);
    expect(counter.counts.parked).toBe(4);
  });

  it("a row that is deleted counts as nothing", () => {
    const counter = countStream();
    counter.observe([change(row(1, "CONFIRMED"), undefined)]);
    expect(counter.counts).toEqual({ seen: 0, confirmed: 0, failed: 0, parked: 0 });
  });
});
