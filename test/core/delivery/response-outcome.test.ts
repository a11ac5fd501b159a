import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type ResponseHeaders, outcomeOf } from "../../../core/delivery/response-outcome.ts";

const NOW = Date.UTC(2026, 10, 22, 10, 0, 0);

describe("the outcome of a response", () => {
  it.each([
    [300, "redirect"],
    [399, "redirect"],
    [400, "status_4xx"],
    [401, "status_4xx"],
    [404, "status_4xx"],
    [408, "status_408"],
    [410, "status_4xx"],
    [429, "status_429"],
    [499, "status_4xx"],
    [500, "status_5xx"],
    [503, "status_5xx"],
    [599, "status_5xx"],
    [600, "status_5xx"],
    [999, "status_5xx"],
  ])("with status %i is of class %s", (status, failureClass) => {
    expect(outcomeOf(status, {}, NOW)).toMatchObject({ kind: "failed", class: failureClass, status });
  });

  it("is a delivery for 2xx and nothing else, whatever the headers ask for", () => {
    const headers: ResponseHeaders = { "webhook-delivery": "abort-message", "retry-after": "60" };
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 999 }), (status) => {
        expect(outcomeOf(status, headers, NOW).kind === "delivered").toBe(status < 300);
      }),
    );
    expect(outcomeOf(200, headers, NOW)).toEqual({ kind: "delivered", status: 200 });
  });

  it("holds what Retry-After asks for on any failure", () => {
    for (const status of [302, 404, 429, 500, 503])
      expect(outcomeOf(status, { "retry-after": "60" }, NOW)).toMatchObject({ retryAfterSeconds: 60 });
    expect(outcomeOf(503, { "retry-after": ["5", "60"] }, NOW)).toMatchObject({ retryAfterSeconds: 60 });
    expect(outcomeOf(503, { "retry-after": "soon" }, NOW)).not.toHaveProperty("retryAfterSeconds");
  });

  it.each<[string, ResponseHeaders]>([
    ["as it is", { "webhook-delivery": "abort-message" }],
    ["in any case and with blanks", { "webhook-delivery": " Abort-Message " }],
    ["beside others", { "webhook-delivery": "later-maybe, abort-message" }],
    ["in the second of two headers", { "webhook-delivery": ["disable", "abort-message"] }],
  ])("aborts the message when asked to, %s", (_, headers) => {
    expect(outcomeOf(500, headers, NOW)).toMatchObject({ kind: "failed", abortsMessage: true });
  });

  it("aborts nothing for any other word", () => {
    for (const word of ["", "abort", "abort-messages", "abort message", "no"])
      expect(outcomeOf(500, { "webhook-delivery": word }, NOW)).not.toHaveProperty("abortsMessage");
  });

  it("disables the URL when asked to, on a delivery too", () => {
    const headers = { "webhook-delivery": "disable" };
    expect(outcomeOf(503, headers, NOW)).toMatchObject({ kind: "failed", disablesUrl: true });
    expect(outcomeOf(204, headers, NOW)).toEqual({ kind: "delivered", status: 204, disablesUrl: true });
    expect(outcomeOf(503, headers, NOW)).not.toHaveProperty("abortsMessage");
  });

  it("disables the URL for 410 Gone, and for no other status by itself", () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), (status) => {
        expect("disablesUrl" in outcomeOf(status, {}, NOW)).toBe(status === 410);
      }),
    );
  });
});
