import { describe, expect, it } from "@jest/globals";
import { handleCalls } from "../../../../lambdas/confirmation-transactions/calls/handle-calls.ts";
import { sharedCalls } from "../../../../lambdas/confirmation-transactions/calls/shared-calls.ts";
import { neverCalled } from "../../../support/strict-fake.ts";

const merchant = { merchantId: "m-1", secretKeyVersion: "1" };
const destination = { origin: "https://merchant.example", path: "/in" };

function sharing({ isTrusted = false, hasLease = true, hasRoom = true } = {}) {
  const steps: string[] = [];
  const call = { merchantId: "m-1", beganAt: 0, leases: [], lateTimer: undefined };
  const calls = sharedCalls(
    {
      get: neverCalled("get"),
      credentialsOf: neverCalled("credentialsOf"),
      tokenRefused: neverCalled("tokenRefused"),
      destinationOf: neverCalled("destinationOf"),
      call: neverCalled("call"),
      isOurs: neverCalled("isOurs of this execution alone"),
      isOursInSandbox: neverCalled("isOursInSandbox"),
      takeRoom: async () => {
        steps.push("room");
        return hasRoom ? () => void steps.push("left room") : undefined;
      },
    },
    {
      look: async (ids) => void steps.push(`look at ${ids.join()}`),
      isTrusted: () => isTrusted,
      begun: () => {
        steps.push("begun");
        return call;
      },
      take: async () => {
        steps.push("lease");
        return hasLease ? call : undefined;
      },
      ended: (_, outcome) => void steps.push(`ended with ${outcome?.kind ?? "nothing"}`),
    },
    () => true,
  );
  return { steps, calls };
}

describe("room for a call that somebody asked for, among executions", () => {
  it("is a lease on its merchant, which learns nothing from how it ends", async () => {
    const { steps, calls } = sharing();
    (await calls.takeRoom(merchant, destination))?.();
    expect(steps).toEqual(["look at m-1", "lease", "room", "left room", "ended with nothing"]);
  });

  it("needs no lease on a merchant that is trusted", async () => {
    const { steps, calls } = sharing({ isTrusted: true });
    await calls.takeRoom(merchant, destination);
    expect(steps).toEqual(["look at m-1", "begun", "room"]);
  });

  it.each([
    ["lease", { hasLease: false }, ["look at m-1", "lease"]],
    ["room", { hasRoom: false }, ["look at m-1", "lease", "room", "ended with nothing"]],
  ])("is not had without %s, and nothing is left behind", async (_, changes, expected) => {
    const { steps, calls } = sharing(changes);
    expect(await calls.takeRoom(merchant, destination)).toBeUndefined();
    expect(steps).toEqual(expected);
  });

  it("has the verdict of all executions on their way out", () => {
    const { calls } = sharing();
    expect(calls.isOurs("https://merchant.example", 0, { kind: "failed", class: "timeout", error: "x" })).toBe(true);
  });
});

it("of a batch of calls those come again that are not done", async () => {
  const records = ["a", "b", "c"].map((body) => ({ messageId: `id of ${body}`, body }));
  const handle = async (body: string) => (body === "b" ? ("later" as const) : ("done" as const));
  expect(await handleCalls(records as never, { handle })).toEqual(["id of b"]);
});
