import { afterEach, describe, expect, it } from "@jest/globals";
import { buildConnector } from "undici";
import { Origins } from "../../delivery/origins.ts";
import { type MerchantServer, startMerchant } from "../faults/merchant-server.ts";
import { until } from "../faults/until.ts";

const merchants: MerchantServer[] = [];
let origins: Origins;

afterEach(async () => {
  await origins.close();
  await Promise.all(merchants.splice(0).map((one) => one.stop()));
});

async function merchant(): Promise<MerchantServer> {
  const started = await startMerchant((response) => response.end());
  merchants.push(started);
  return started;
}

async function call({ origin }: MerchantServer): Promise<number> {
  return origins.use(origin, async (dispatcher) => {
    const { statusCode, body } = await dispatcher.request({ path: "/", method: "POST" });
    await body.dump();
    return statusCode;
  });
}

describe("origins", () => {
  it("are bounded: the one idle longest is closed, its connections with it", async () => {
    origins = new Origins(buildConnector({}), 2);
    const [first, second, third] = [await merchant(), await merchant(), await merchant()];
    await call(first);
    await call(second);
    await call(first);
    await call(third);
    expect(origins.size).toBe(2);
    await until(() => second.open.size === 0);
    await call(first);
    expect(first.opened).toHaveLength(1);
  });

  it("that are in use are never closed, even over the bound", async () => {
    origins = new Origins(buildConnector({}), 1);
    const [first, second] = [await merchant(), await merchant()];
    const statuses = await origins.use(first.origin, async (dispatcher) => {
      const other = await call(second);
      expect(origins.size).toBe(2);
      const { statusCode, body } = await dispatcher.request({ path: "/", method: "POST" });
      await body.dump();
      return [statusCode, other];
    });
    expect(statuses).toEqual([200, 200]);
  });

  it("come back under the bound once they are idle", async () => {
    origins = new Origins(buildConnector({}), 1);
    const all = [await merchant(), await merchant(), await merchant()];
    const gate = Promise.withResolvers<void>();
    const uses = all.map(({ origin }) => origins.use(origin, () => gate.promise));
    expect(origins.size).toBe(3);
    gate.resolve();
    await Promise.all(uses);
    for (const one of all) await call(one);
    expect(origins.size).toBe(1);
  });

  it("are free again after a call that failed", async () => {
    origins = new Origins(buildConnector({}), 1);
    const [first, second] = [await merchant(), await merchant()];
    await expect(origins.use(first.origin, async () => Promise.reject(new Error("no luck")))).rejects.toThrow(
      "no luck",
    );
    await call(second);
    expect(origins.size).toBe(1);
  });

  it("let go of every connection when closed", async () => {
    origins = new Origins(buildConnector({}), 5);
    const [first, second] = [await merchant(), await merchant()];
    await call(first);
    await call(second);
    await origins.close();
    expect(origins.size).toBe(0);
    await until(() => first.open.size + second.open.size === 0);
  });
});
