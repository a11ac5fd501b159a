import { describe, expect, it } from "@jest/globals";
import { hopsOf } from "../../../../lambdas/confirmations-api/queries/trace-hops.ts";

const AT = Date.parse("2026-11-22T10:00:00Z") / 1000;
const worker = {
  id: "b",
  trace_id: "1-x",
  parent_id: "a",
  name: "confirmation-worker",
  start_time: AT + 0.2,
  end_time: AT + 0.25,
  annotations: { transaction: "t-1", merchant: "shop", attempt: 1, odd: { secret: 1 } },
  metadata: { default: { version: 3 } },
  subsegments: [
    {
      id: "c",
      name: "webhook",
      start_time: AT + 0.21,
      end_time: AT + 0.2456,
      fault: true,
      http: { request: { method: "POST", url: "https://shop.example/" }, response: { status: 503 } },
    },
  ],
};
const gateway = { id: "a", name: "API Gateway", start_time: AT, in_progress: true, aws: { operation: "Invoke" } };

describe("the documents of a trace, as the API shows them", () => {
  it("are hops and steps in the order of time, without metadata and what is no annotation", () => {
    expect(hopsOf([worker, gateway])).toEqual([
      {
        id: "a",
        name: "API Gateway",
        beganAt: "2026-11-22T10:00:00.000Z",
        durationMs: 0,
        isOpen: true,
        operation: "Invoke",
      },
      {
        id: "b",
        parentId: "a",
        name: "confirmation-worker",
        beganAt: "2026-11-22T10:00:00.200Z",
        durationMs: 50,
        annotations: { transaction: "t-1", merchant: "shop", attempt: 1 },
      },
      {
        id: "c",
        parentId: "b",
        name: "webhook",
        beganAt: "2026-11-22T10:00:00.210Z",
        durationMs: 35.6,
        request: { method: "POST", url: "https://shop.example/" },
        status: 503,
        flags: ["fault"],
      },
    ]);
  });

  it("are one merchant's alone where only those may be shown", () => {
    const others = { ...worker, id: "d", annotations: { transaction: "t-2", merchant: "other" } };
    expect(hopsOf([gateway, worker, others], "shop").map(({ id }) => id)).toEqual(["b", "c"]);
  });

  it("take the place of those that were sent before under their id", () => {
    expect(hopsOf([gateway, { ...gateway, end_time: AT + 1 }])).toEqual([
      expect.objectContaining({ id: "a", durationMs: 1000 }),
    ]);
  });

  it("are left out where they have no id, name or time", () => {
    for (const broken of [{ id: 1 }, { name: "" }, { start_time: "now" }, { start_time: 1e300 }])
      expect(hopsOf([{ ...gateway, ...broken }])).toEqual([]);
  });
});
