import { describe, expect, it } from "@jest/globals";
import { parseSettings } from "../../core/settings/settings.ts";
import { needsIssuer, withIssuer } from "../../local/with-issuer.ts";

const ISSUER = "http://127.0.0.1:9327";

describe("the issuer of a stack on this machine", () => {
  it("is its own, for an audience of its own", () => {
    expect(needsIssuer({})).toBe(true);
    expect(parseSettings(withIssuer({ dueShards: 4 }, ISSUER))).toMatchObject({
      dueShards: 4,
      api: { issuer: ISSUER, audience: ["confirmations"] },
    });
  });

  it("keeps what the settings say of the API", () => {
    const given = { api: { audience: ["payments"], merchantClaim: "shop", burst: 7 } };
    expect(parseSettings(withIssuer(given, ISSUER)).api).toMatchObject({ ...given.api, issuer: ISSUER });
  });

  it("is none where the settings name another one", () => {
    expect(needsIssuer({ api: { issuer: "https://issuer.example", audience: ["a"] } })).toBe(false);
  });
});
