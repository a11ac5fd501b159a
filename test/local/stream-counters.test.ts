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

function named(transactionId: string): AttributeMap {
  return { transactionId: { S: transactionId } };
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

  it("rows that were parked before are found, each once, though the stream tells of them again", () => {
    const counter = countStream();
    const waiting = { ...row(1, "SCHEDULED"), dueKey: { S: "M#m-1#0" } };
    const told = (id: string, after: AttributeMap) => change({ ...row(1), ...named(id) }, { ...after, ...named(id) });
    // After SIGKILL the stream goes on behind the table: t-1 is parked once more, t-2 is not any longer.
    counter.observe([told("t-1", row(1, "SCHEDULED")), told("t-2", row(1, "CONFIRMED"))]);
    counter.found([
      { ...row(1, "SCHEDULED"), ...named("t-1") },
      { ...row(1, "SCHEDULED"), ...named("t-2") },
      { ...waiting, ...named("t-3") },
      { ...row(2, "SCHEDULED", 1), ...named("t-4") },
    ]);
    counter.lookedThrough();
    counter.observe([told("t-3", waiting)]);
    expect(counter.counts).toMatchObject({ parked: 2, waitingForMerchant: 1 });
    counter.observe([change({ ...waiting, ...named("t-3") }, { ...row(1, "PENDING"), ...named("t-3") })]);
    expect(counter.counts).toMatchObject({ parked: 1, waitingForMerchant: 0 });
  });

  it("a row that waits for its merchant is counted as long as it does", () => {
    const counter = countStream();
    const waiting = { ...row(1, "SCHEDULED"), dueKey: { S: "M#m-1#0" } };
    const [one, other] = [named("t-1"), named("t-2")];
    counter.observe([
      change({ ...row(1), ...one }, { ...waiting, ...one }),
      change({ ...row(1), ...other }, { ...waiting, ...other }),
      change({ ...waiting, ...one }, { ...row(1, "PENDING"), ...one }),
    ]);
    expect(counter.counts).toMatchObject({ parked: 1, waitingForMerchant: 1 });
  });

  it("a row that is deleted counts as nothing", () => {
    const counter = countStream();
    counter.observe([change(row(1, "CONFIRMED"), undefined)]);
    expect(counter.counts).toMatchObject({ seen: 0, confirmed: 0, failed: 0, parked: 0 });
  });
});
