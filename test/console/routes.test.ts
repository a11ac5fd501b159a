import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  findPath,
  merchantPath,
  redeliveryPath,
  routeOf,
  SIGNED_IN_PATH,
  SIGNED_OUT_PATH,
  transactionPath,
} from "../../console/src/routing/routes.ts";
import * as policy from "../../lib/console/console-policy.ts";

describe("addresses of the console", () => {
  it("lead back to the id that they were made of, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (id) => {
        fc.pre(id.isWellFormed());
        expect(routeOf(transactionPath(id))).toEqual({ page: "transaction", transactionId: id });
        expect(routeOf(redeliveryPath(id))).toEqual({ page: "redelivery", jobId: id });
        expect(routeOf(merchantPath(id))).toEqual({ page: "merchant", merchantId: id });
      }),
    );
  });

  it("are those of the first page with what is looked for", () => {
    expect(findPath()).toBe("/");
    expect(findPath("a&b c")).toBe("/?q=a%26b+c");
    expect(routeOf("/")).toEqual({ page: "find" });
    expect(routeOf("/redeliveries")).toEqual({ page: "redeliveries" });
  });

  it("are, for who has signed in or out, those that a client of the stack's own user pool may be sent back to", () => {
    expect([SIGNED_IN_PATH, SIGNED_OUT_PATH]).toEqual([policy.SIGNED_IN_PATH, policy.SIGNED_OUT_PATH]);
    expect(routeOf(SIGNED_IN_PATH)).toEqual({ page: "signed in" });
    expect(routeOf(SIGNED_OUT_PATH)).toEqual({ page: "signed out" });
  });

  it.each(["/transactions", "/transactions/", "/transactions/a/b", "/nothing", "/transactions/%E0%A4%A"])(
    "has no page %s",
    (path) => {
      expect(routeOf(path)).toEqual({ page: "unknown" });
    },
  );
});
