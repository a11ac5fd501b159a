import { describe, expect, it } from "@jest/globals";
import { merchantSteps } from "../../../core/events/merchant-events.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { changed, type Changes, number, text } from "../../support/rows.ts";

const health = (changes: Changes = {}): AttributeMap => changed({ merchantId: text("acme") }, changes);
const urls = (...list: string[]) => ({ SS: list });

describe("what a change of a merchant's health is told as", () => {
  const steps: readonly (readonly [string, AttributeMap | undefined, AttributeMap, readonly string[]])[] = [
    ["a circuit that opens", undefined, health({ circuitOpenUntil: number(5) }), ["merchant.failing"]],
    [
      "a circuit that opens again after its probe",
      health({ circuitOpenUntil: number(5), circuitTrips: number(1) }),
      health({ circuitOpenUntil: number(9), circuitTrips: number(2) }),
      [],
    ],
    ["a circuit that closes", health({ circuitOpenUntil: number(5) }), health(), ["merchant.recovered"]],
    ["a URL that is disabled", health(), health({ disabledUrls: urls("https://a.example/") }), ["merchant.disabled"]],
    ["URLs that are enabled", health({ disabledUrls: urls("https://a.example/") }), health(), ["merchant.enabled"]],
    ["a pause", health(), health({ pausedAt: number(1) }), ["merchant.paused"]],
    ["the end of a pause", health({ pausedAt: number(1) }), health(), ["merchant.resumed"]],
    ["the first that waits", undefined, health({ waitingKey: text("W#0") }), ["merchant.backlog"]],
    [
      "another that waits",
      health({ waitingKey: text("W#0"), waitingAt: number(1) }),
      health({ waitingKey: text("W#0"), waitingAt: number(2) }),
      [],
    ],
    ["nothing that waits any more", health({ waitingKey: text("W#0") }), health(), ["merchant.backlog_cleared"]],
    [
      "several at once",
      undefined,
      health({ circuitOpenUntil: number(5), waitingKey: text("W#0") }),
      ["merchant.failing", "merchant.backlog"],
    ],
    ["a pause of everything", undefined, { merchantId: text("*"), pausedAt: number(1) }, []],
    ["tokens of a rate limit", undefined, { merchantId: text("rate limit of acme"), rateSlot: number(1) }, []],
    [
      "the canary's circuit",
      undefined,
      { ...health({ circuitOpenUntil: number(5) }), merchantId: text("pipeline-canary") },
      [],
    ],
    [
      "the circuit of a channel",
      undefined,
      { ...health({ circuitOpenUntil: number(5) }), merchantId: text("channel mail of acme") },
      [],
    ],
    ["a share of executions", undefined, { merchantId: text("share of acme"), version: number(1) }, []],
  ];
  it.each(steps)("%s", (_, oldImage, newImage, types) => {
    expect(merchantSteps({ oldImage, newImage }).map(({ type }) => type)).toEqual(types);
  });

  it("has the whole state and no URL", () => {
    const newImage = health({
      circuitOpenUntil: number(5),
      disabledUrls: urls("https://a.example/", "https://b.example/"),
    });
    expect(merchantSteps({ newImage }).at(-1)?.state).toEqual({
      merchantId: "acme",
      failing: true,
      paused: false,
      disabledUrls: 2,
      backlog: false,
    });
  });
});
