import { expect, it } from "@jest/globals";
import { withoutDistribution } from "../../local/console/console-settings.ts";

it("serves the console on this machine as the client that the settings name, or as another", () => {
  expect(withoutDistribution({ order: "merchant" })).toEqual({ settings: { order: "merchant" }, clientId: "console" });
  expect(withoutDistribution({ console: { clientId: "desk" } })).toEqual({ settings: {}, clientId: "desk" });
});

it("lets the console in where tokens of some clients alone are taken", () => {
  expect(withoutDistribution({ api: { clientIds: ["billing"] }, console: { clientId: "desk" } })).toEqual({
    settings: { api: { clientIds: ["billing", "desk"] } },
    clientId: "desk",
  });
});
