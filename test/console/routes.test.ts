import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  campaignPath,
  cutoverPath,
  failedPath,
  findPath,
  JOB_KINDS,
  jobPath,
  jobsPath,
  merchantPath,
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
        for (const kind of JOB_KINDS) expect(routeOf(jobPath(kind, id))).toEqual({ page: "job", kind, jobId: id });
        expect(routeOf(campaignPath(id, new URLSearchParams()))).toEqual({ page: "campaigns", label: id });
        expect(routeOf(cutoverPath(id))).toEqual({ page: "cutover", merchantId: id });
        expect(routeOf(merchantPath(id))).toEqual({ page: "merchant", merchantId: id });
      }),
    );
  });

  it("are those of the first page with what is looked for", () => {
    expect(findPath()).toBe("/");
    expect(findPath("a&b c")).toBe("/?q=a%26b+c");
    expect(routeOf("/")).toEqual({ page: "find" });
    for (const kind of JOB_KINDS) expect(routeOf(jobsPath(kind))).toEqual({ page: "jobs", kind });
    expect(failedPath(new URLSearchParams({ merchant: "a&b" }))).toBe("/failed?merchant=a%26b");
    expect(failedPath(new URLSearchParams())).toBe("/failed");
    expect(["/failed", "/cutover", "/manifests", "/audit-log", "/pause"].map((path) => routeOf(path).page)).toEqual([
      "failed",
      "cutover",
      "manifests",
      "audit log",
      "pause",
    ]);
  });

  it("are, for who has signed in or out, those that a client of the stack's own user pool may be sent back to", () => {
    expect([SIGNED_IN_PATH, SIGNED_OUT_PATH]).toEqual([policy.SIGNED_IN_PATH, policy.SIGNED_OUT_PATH]);
    expect(routeOf(SIGNED_IN_PATH)).toEqual({ page: "signed in" });
    expect(routeOf(SIGNED_OUT_PATH)).toEqual({ page: "signed out" });
  });

  it("of redeliveries lead there as they did once", () => {
    expect(routeOf("/redeliveries")).toEqual({ page: "jobs", kind: "redeliveries" });
    expect(routeOf("/redeliveries/a%2Fb")).toEqual({ page: "job", kind: "redeliveries", jobId: "a/b" });
  });

  it.each([
    "/jobs",
    "/jobs/other",
    "/jobs/imports/a/b",
    "/failed/a",
    "/cutover/a/b",
    "/transactions",
    "/transactions/",
    "/transactions/a/b",
    "/nothing",
    "/transactions/%E0%A4%A",
  ])("has no page %s", (path) => {
    expect(routeOf(path)).toEqual({ page: "unknown" });
  });
});
