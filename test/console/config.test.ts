import { describe, expect, it } from "@jest/globals";
import { parseSettings } from "../../core/settings/settings.ts";
import { parseConfig } from "../../console/src/config.ts";
import { consoleConfig } from "../../lib/console/console-config.ts";

const ISSUER = "https://login.example";

describe("the configuration of the console", () => {
  it("is what whoever serves the console writes, with the issuer's names of scopes", () => {
    const settings = parseSettings({ api: { issuer: ISSUER, audience: ["confirmations"], scopePrefix: "pay/" } });
    const config = parseConfig(JSON.parse(JSON.stringify(consoleConfig(settings, ISSUER, "console"))));
    expect(config).toMatchObject({ issuer: ISSUER, clientId: "console", audience: "confirmations" });
    expect(config.scopes).toContain("openid");
    expect(config.scopes).toContain("pay/transactions:read");
  });

  it("that cannot be used says each fault", () => {
    expect(() => parseConfig({ issuer: "login", scopes: [], audience: 1 })).toThrow(
      'issuer: got "login", expected a URL; clientId: got nothing, expected a text; ' +
        "scopes: got [], expected a list of texts; audience: got 1, expected a text",
    );
    expect(() => parseConfig(null)).toThrow("issuer: got nothing");
  });
});
