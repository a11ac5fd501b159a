import { describe, expect, it } from "@jest/globals";
import { bearerToken } from "../../../lambdas/api-authorizer/bearer-token.ts";

const withHeaders = (multiValueHeaders: Record<string, string[]>) => bearerToken({ headers: null, multiValueHeaders });

describe("the access token of a request", () => {
  it.each(["Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c", "Bearer   a.b.c", " Bearer a.b.c "])(
    "is taken: %j",
    (value) => {
      expect(withHeaders({ Authorization: [value] })).toEqual({ token: "a.b.c" });
    },
  );

  it("is taken whatever the case of its header", () => {
    expect(withHeaders({ authorization: ["Bearer a.b.c"] })).toEqual({ token: "a.b.c" });
  });

  it.each([
    "",
    "Bearer",
    "Bearer ",
    "a.b.c",
    "Basic YTpi",
    "Bearer a.b.c, Bearer d.e.f",
    "Bearer a b",
    "Bearer a\u0000b",
  ])("is none: %j", (value) => {
    expect(withHeaders({ Authorization: [value] })).toMatchObject({ kind: "refused", mayHoldLater: false });
  });

  it("is none without a header", () => {
    expect(withHeaders({})).toMatchObject({ kind: "refused" });
    expect(bearerToken({ headers: null, multiValueHeaders: null })).toMatchObject({ kind: "refused" });
  });

  it("is none of two, be they the same or under two spellings of the header", () => {
    for (const headers of [
      { Authorization: ["Bearer a.b.c", "Bearer d.e.f"] },
      { Authorization: ["Bearer a.b.c"], authorization: ["Bearer a.b.c"] },
    ])
      expect(withHeaders(headers)).toMatchObject({ reason: expect.stringMatching(/more than one Authorization/) });
  });
});
