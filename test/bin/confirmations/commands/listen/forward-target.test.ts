import { describe, expect, it } from "@jest/globals";
import { forwardTarget } from "../../../../../bin/confirmations/commands/listen/forward-target.ts";

describe("where copies are forwarded to", () => {
  it.each([
    ["http://127.0.0.1:9000/hook?a=1", ["127.0.0.1"], "127.0.0.1:9000", 9000, "/hook?a=1"],
    ["http://127.8.9.1", ["127.8.9.1"], "127.8.9.1", 80, "/"],
    ["http://[::1]:9000", ["::1"], "[::1]:9000", 9000, "/"],
    ["http://0x7f.1:9000", ["127.0.0.1"], "127.0.0.1:9000", 9000, "/"],
  ])("is %s, dialled as its address", async (url, addresses, host, port, path) => {
    const never = () => Promise.reject(new Error("resolved"));
    expect(await forwardTarget(url, never)).toEqual({ url, addresses, host, port, path });
  });

  it("is localhost as it is resolved once, under each of its addresses", async () => {
    const target = await forwardTarget("http://LOCALHOST:9000", async () => ["::1", "127.0.0.1"]);
    expect([target.host, target.addresses]).toEqual(["localhost:9000", ["::1", "127.0.0.1"]]);
  });

  it.each([[["127.0.0.1", "10.0.0.7"]], [["192.0.2.1"]], [["fe80::1"]], [[]]])(
    "is not localhost where that is %j",
    async (addresses) => {
      await expect(forwardTarget("http://localhost:9000", async () => addresses)).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringMatching(/which is |has no address here/),
      });
    },
  );
});
