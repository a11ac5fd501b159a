import { describe, expect, it } from "@jest/globals";
import { ownDestinations } from "../../local/own-destinations.ts";

const OWN_PORTS = [8000, 9324];

describe("what the stack on this machine refuses to call for itself", () => {
  it("is its own ports at every address of this machine that the settings allow", () => {
    const allowed = ["127.0.0.1:1024-65535", "127.0.0.9:8000", "[::1]:9000-9999", "[::ffff:127.0.0.1]:1-65535"];
    expect(ownDestinations(allowed, OWN_PORTS)).toEqual([
      "127.0.0.1:8000",
      "127.0.0.1:9324",
      "127.0.0.9:8000",
      "[::1]:9324",
      "[::ffff:7f00:1]:8000",
      "[::ffff:7f00:1]:9324",
    ]);
  });

  it("is nothing at other machines, and nothing beyond what is allowed", () => {
    expect(ownDestinations(["8.8.8.8:1-65535", "192.0.2.1:8000", "127.0.0.1:9000"], OWN_PORTS)).toEqual([]);
    expect(ownDestinations([], OWN_PORTS)).toEqual([]);
  });
});
