import { describe, expect, it } from "@jest/globals";
import { CachingResolver } from "../../delivery/name-resolver.ts";
import { FakeClock } from "../faults/fake-clock.ts";

type Answer = { readonly address: string; readonly ttl: number }[];
const noData = Object.assign(new Error("queryA ENODATA"), { code: "ENODATA" });

/** A resolver over answers that a test may change between two questions; it tells what was asked. */
function resolver(answers: { v4?: Answer | Error | "silence"; v6?: Answer | Error } = {}) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const answer = async (family: "v4" | "v6", host: string): Promise<Answer> => {
    asked.push(`${family} ${host}`);
    const given = answers[family] ?? noData;
    if (given === "silence") return new Promise(() => undefined);
    if (given instanceof Error) throw given;
    return given;
  };
  const dns = { resolve4: (host: string) => answer("v4", host), resolve6: (host: string) => answer("v6", host) };
  const patience: (() => void)[] = [];
  const pause = (): Promise<void> => new Promise((resolve) => patience.push(resolve));
  return { clock, asked, answers, patience, caching: new CachingResolver(1000, clock.now, dns as never, pause) };
}

describe("a name", () => {
  it("resolves to its addresses, IPv4 first", async () => {
    const { caching } = resolver({ v4: [{ address: "8.8.8.8", ttl: 60 }], v6: [{ address: "2606::1", ttl: 60 }] });
    expect(await caching.resolve("merchant.example")).toEqual(["8.8.8.8", "2606::1"]);
  });

  it("needs only one family to answer", async () => {
    expect(await resolver({ v4: [{ address: "8.8.8.8", ttl: 60 }] }).caching.resolve("a.example")).toEqual(["8.8.8.8"]);
    expect(await resolver({ v6: [{ address: "2606::1", ttl: 60 }] }).caching.resolve("a.example")).toEqual(["2606::1"]);
  });

  it("without an address fails, and is asked for again the next time", async () => {
    const { caching, asked, answers } = resolver();
    await expect(caching.resolve("dead.example")).rejects.toMatchObject({ code: "ENODATA" });
    answers.v4 = [{ address: "8.8.8.8", ttl: 60 }];
    expect(await caching.resolve("dead.example")).toEqual(["8.8.8.8"]);
    expect(asked).toHaveLength(4);
  });

  it("is asked for once while several wait for it", async () => {
    const { caching, asked } = resolver({ v4: [{ address: "8.8.8.8", ttl: 60 }] });
    await Promise.all([1, 2, 3].map(() => caching.resolve("a.example")));
    expect(asked).toEqual(["v4 a.example", "v6 a.example"]);
  });

  it.each([
    ["its time to live", [{ address: "8.8.8.8", ttl: 7 }], [], 7000],
    ["the shortest of its records", [{ address: "8.8.8.8", ttl: 50 }], [{ address: "2606::1", ttl: 5 }], 5000],
    ["a second at least", [{ address: "8.8.8.8", ttl: 0 }], [], 1000],
    ["a minute at most", [{ address: "8.8.8.8", ttl: 86_400 }], [], 60_000],
  ])("is kept for %s", async (_, v4, v6, keptMs) => {
    const { caching, asked, clock } = resolver({ v4, v6 });
    await caching.resolve("a.example");
    clock.advance(keptMs - 1);
    await caching.resolve("a.example");
    expect(asked).toHaveLength(2);
    clock.advance(1);
    await caching.resolve("a.example");
    expect(asked).toHaveLength(4);
  });

  it.each(["localhost", "m1.localhost"])("for this machine, %s, is never asked of a name server", async (host) => {
    const { caching, asked } = resolver();
    expect(await caching.resolve(host)).toEqual(["127.0.0.1", "::1"]);
    expect(asked).toEqual([]);
  });

  it("that was asked for longest ago goes when too many are kept", async () => {
    const { caching, asked } = resolver({ v4: [{ address: "8.8.8.8", ttl: 60 }] });
    for (let index = 0; index <= 10_000; index += 1) await caching.resolve(`${index}.example`);
    asked.length = 0;
    await caching.resolve("10000.example");
    await caching.resolve("1.example");
    expect(asked).toEqual([]);
    await caching.resolve("0.example");
    expect(asked).toEqual(["v4 0.example", "v6 0.example"]);
  });
});

describe("a name whose servers fail", () => {
  const failing = Object.assign(new Error("queryA ESERVFAIL"), { code: "ESERVFAIL" });

  /** A name that was known, and whose time is over. */
  async function known() {
    const parts = resolver({ v4: [{ address: "8.8.8.8", ttl: 10 }] });
    await parts.caching.resolve("a.example");
    parts.clock.advance(10_000);
    parts.asked.length = 0;
    return parts;
  }

  it("is called at the address it had, for another hour, and asked for each half minute", async () => {
    const { caching, answers, asked, clock } = await known();
    answers.v4 = failing;
    for (let second = 0; second < 3600; second += 1) {
      expect(await caching.resolve("a.example")).toEqual(["8.8.8.8"]);
      clock.advance(1000);
    }
    expect(asked.filter((question) => question === "v4 a.example")).toHaveLength(120);
    await expect(caching.resolve("a.example")).rejects.toMatchObject({ code: "ESERVFAIL" });
  });

  it("is called at the address it had when they are silent for too long", async () => {
    const { caching, answers, patience } = await known();
    answers.v4 = "silence";
    const resolved = caching.resolve("a.example");
    patience[0]?.();
    expect(await resolved).toEqual(["8.8.8.8"]);
    expect(await caching.resolve("a.example")).toEqual(["8.8.8.8"]);
  });

  it("is called at its new address once they are well", async () => {
    const { caching, answers, clock } = await known();
    answers.v4 = failing;
    await caching.resolve("a.example");
    answers.v4 = [{ address: "9.9.9.9", ttl: 10 }];
    clock.advance(30_000);
    expect(await caching.resolve("a.example")).toEqual(["9.9.9.9"]);
  });

  it("is not called when they say that it has no address any more, however late that comes", async () => {
    const { caching, answers, patience } = await known();
    answers.v4 = noData;
    await expect(caching.resolve("a.example")).rejects.toMatchObject({ code: "ENODATA" });
    patience[0]?.();
    await expect(caching.resolve("a.example")).rejects.toMatchObject({ code: "ENODATA" });
  });

  it("that was never known fails", async () => {
    const { caching } = resolver({ v4: failing });
    await expect(caching.resolve("a.example")).rejects.toMatchObject({ code: "ESERVFAIL" });
  });
});
