import { describe, expect, it } from "@jest/globals";
import { CachingResolver } from "../../../core/delivery/name-resolver.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { settle } from "../../support/until.ts";

type Answer = { readonly address: string; readonly ttl: number }[];
type Given = Answer | Error | "silence";
const noData = aresError("ENODATA");
const failing = aresError("ESERVFAIL");

function aresError(code: string): Error {
  return Object.assign(new Error(`queryA ${code}`), { code });
}

const v4 = (address: string, ttl = 60): Answer => [{ address, ttl }];

/**
 * A resolver over answers that a test may change between two questions; it tells what was asked. What is silent answers
 * when the test says so; pauses last until the test ends them.
 */
function resolver(answers: { v4?: Given; v6?: Given } = {}, hasIpv6 = true) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const silent: ((answer: Answer) => void)[] = [];
  const answer = async (family: "v4" | "v6", host: string): Promise<Answer> => {
    asked.push(`${family} ${host}`);
    const given = answers[family] ?? noData;
    if (given === "silence") return new Promise((resolve) => silent.push(resolve));
    if (given instanceof Error) throw given;
    return given;
  };
  const dns = { resolve4: (host: string) => answer("v4", host), resolve6: (host: string) => answer("v6", host) };
  const pauses: { readonly ms: number; readonly end: () => void }[] = [];
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clock.advance(ms);
        resolve();
      };
      pauses.push({ ms, end });
    });
  /** Ends the pause of so many milliseconds. */
  const pass = async (ms: number): Promise<void> => {
    await settle();
    const index = pauses.findIndex((one) => one.ms === ms);
    if (index < 0) throw new Error(`expected a pause of ${ms} ms, got ${pauses.map((one) => one.ms).join(", ")}`);
    pauses.splice(index, 1)[0]?.end();
    await settle();
  };
  const heard: string[] = [];
  const caching = new CachingResolver(1000, clock.now, dns as never, pause, {
    hasIpv6: () => hasIpv6,
    heard: (host) => void heard.push(host),
  });
  return { clock, asked, answers, silent, pauses, pass, heard, caching };
}

describe("a name", () => {
  it("resolves to its addresses, IPv4 first", async () => {
    const { caching } = resolver({ v4: v4("8.8.8.8"), v6: v4("2606::1") });
    expect(await caching.resolve("merchant.example")).toEqual(["8.8.8.8", "2606::1"]);
  });

  it("needs only one family to answer", async () => {
    expect(await resolver({ v4: v4("8.8.8.8") }).caching.resolve("a.example")).toEqual(["8.8.8.8"]);
    expect(await resolver({ v6: v4("2606::1") }).caching.resolve("a.example")).toEqual(["2606::1"]);
  });

  it("without an address fails, and is asked for again the next time", async () => {
    const { caching, asked, answers } = resolver();
    await expect(caching.resolve("dead.example")).rejects.toMatchObject({ code: "RESOLVE_NO_ADDRESS" });
    answers.v4 = v4("8.8.8.8");
    expect(await caching.resolve("dead.example")).toEqual(["8.8.8.8"]);
    expect(asked).toHaveLength(4);
  });

  it("is asked for once while several wait for it", async () => {
    const { caching, asked } = resolver({ v4: v4("8.8.8.8") });
    await Promise.all([1, 2, 3].map(() => caching.resolve("a.example")));
    expect(asked).toEqual(["v4 a.example", "v6 a.example"]);
  });

  it.each([
    ["its time to live", v4("8.8.8.8", 7), 7000],
    [
      "the shortest of its records",
      [
        { address: "8.8.8.8", ttl: 50 },
        { address: "9.9.9.9", ttl: 5 },
      ],
      5000,
    ],
    ["a second at least", v4("8.8.8.8", 0), 1000],
    ["a minute at most", v4("8.8.8.8", 86_400), 60_000],
  ])("is kept for %s", async (_, records, keptMs) => {
    const { caching, asked, clock } = resolver({ v4: records }, false);
    await caching.resolve("a.example");
    clock.advance(keptMs - 1);
    await caching.resolve("a.example");
    expect(asked).toHaveLength(1);
    clock.advance(1);
    await caching.resolve("a.example");
    expect(asked).toHaveLength(2);
  });

  it.each(["localhost", "m1.localhost"])("for this machine, %s, is never asked of a name server", async (host) => {
    const { caching, asked } = resolver();
    expect(await caching.resolve(host)).toEqual(["127.0.0.1", "::1"]);
    expect(asked).toEqual([]);
  });

  it("that was asked for longest ago goes when too many are kept", async () => {
    const { caching, asked } = resolver({ v4: v4("8.8.8.8") }, false);
    for (let index = 0; index <= 10_000; index += 1) await caching.resolve(`${index}.example`);
    asked.length = 0;
    await caching.resolve("10000.example");
    await caching.resolve("1.example");
    expect(asked).toEqual([]);
    await caching.resolve("0.example");
    expect(asked).toEqual(["v4 0.example"]);
  });
});

describe("the two families of a name", () => {
  it("are kept each for its own time to live", async () => {
    const { caching, asked, clock } = resolver({ v4: v4("8.8.8.8", 50), v6: v4("2606::1", 5) });
    await caching.resolve("a.example");
    clock.advance(5000);
    await caching.resolve("a.example");
    expect(asked).toEqual(["v4 a.example", "v6 a.example", "v6 a.example"]);
  });

  it("are not both asked for where the network has no IPv6", async () => {
    const { caching, asked } = resolver({ v4: v4("8.8.8.8"), v6: "silence" }, false);
    expect(await caching.resolve("a.example")).toEqual(["8.8.8.8"]);
    expect(asked).toEqual(["v4 a.example"]);
  });

  it.each([
    ["AAAA", { v4: v4("8.8.8.8"), v6: "silence" as const }, "8.8.8.8"],
    ["A", { v4: "silence" as const, v6: v4("2606::1") }, "2606::1"],
  ])(
    "wait for each other no longer than 50 ms where %s is never answered, and then not at all",
    async (_, answers, is) => {
      const { caching, pass, pauses, clock } = resolver(answers);
      const resolved = caching.resolve("a.example");
      await pass(50);
      expect(await resolved).toEqual([is]);
      expect(await caching.resolve("a.example")).toEqual([is]);
      clock.advance(60_000);
      const again = caching.resolve("a.example");
      await settle();
      // One was asked a minute ago: it had its 50 ms.
      expect(await again).toEqual([is]);
      expect(pauses.every(({ ms }) => ms === 1800)).toBe(true);
    },
  );

  it("count both if the later one comes within 50 ms", async () => {
    const { caching, silent } = resolver({ v4: v4("8.8.8.8"), v6: "silence" });
    const resolved = caching.resolve("a.example");
    await settle();
    silent[0]?.(v4("2606::1"));
    expect(await resolved).toEqual(["8.8.8.8", "2606::1"]);
  });

  it("wait for each other where none of the first may be called", async () => {
    const { caching, silent, pauses } = resolver({ v4: v4("10.0.0.1"), v6: "silence" });
    const resolved = caching.resolve("a.example", (address) => address !== "10.0.0.1");
    await settle();
    expect(pauses).toEqual([]);
    silent[0]?.(v4("2606::1"));
    expect(await resolved).toEqual(["10.0.0.1", "2606::1"]);
  });

  it("replace nothing of each other: the good A stays while it fails and AAAA answers", async () => {
    const { caching, answers, clock } = resolver({ v4: v4("8.8.8.8", 10), v6: v4("2606::1", 10) });
    for (let second = 0; second < 3600; second += 10) {
      await caching.resolve("a.example");
      clock.advance(10_000);
    }
    answers.v4 = failing;
    expect(await caching.resolve("a.example")).toEqual(["8.8.8.8", "2606::1"]);
    answers.v4 = v4("9.9.9.9");
    clock.advance(30_000);
    expect(await caching.resolve("a.example")).toEqual(["9.9.9.9", "2606::1"]);
  });

  it("are not asked again at once where one fails and the other serves", async () => {
    const { caching, asked, clock } = resolver({ v4: v4("8.8.8.8"), v6: failing });
    for (let second = 0; second < 59; second += 1) {
      expect(await caching.resolve("a.example")).toEqual(["8.8.8.8"]);
      clock.advance(1000);
    }
    expect(asked).toEqual(["v4 a.example", "v6 a.example", "v6 a.example"]);
  });

  it("tell the failure that says least, where neither serves", async () => {
    await expect(resolver({ v6: failing }).caching.resolve("a.example")).rejects.toMatchObject({
      code: "RESOLVE_FAILED",
    });
    const both = resolver({ v4: aresError("ECONNREFUSED"), v6: failing });
    await expect(both.caching.resolve("a.example")).rejects.toMatchObject({ code: "RESOLVE_UNREACHABLE" });
  });
});

describe("a name whose servers fail", () => {
  /** A name that was known, and whose time is over. */
  async function known() {
    const parts = resolver({ v4: v4("8.8.8.8", 10) }, false);
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
    expect(asked).toHaveLength(120);
    await expect(caching.resolve("a.example")).rejects.toMatchObject({ code: "RESOLVE_FAILED" });
  });

  it("is called at the address it had when they are silent for too long", async () => {
    const { caching, answers, pass } = await known();
    answers.v4 = "silence";
    const resolved = caching.resolve("a.example");
    await pass(1800);
    expect(await resolved).toEqual(["8.8.8.8"]);
    expect(await caching.resolve("a.example")).toEqual(["8.8.8.8"]);
  });

  it("is called at its new address once they are well", async () => {
    const { caching, answers, clock } = await known();
    answers.v4 = failing;
    await caching.resolve("a.example");
    answers.v4 = v4("9.9.9.9", 10);
    clock.advance(30_000);
    expect(await caching.resolve("a.example")).toEqual(["9.9.9.9"]);
  });

  it("is not called when they say that it has no address any more", async () => {
    const { caching, answers } = await known();
    answers.v4 = noData;
    await expect(caching.resolve("a.example")).rejects.toMatchObject({ code: "RESOLVE_NO_ADDRESS" });
    await expect(caching.resolve("a.example")).rejects.toMatchObject({ code: "RESOLVE_NO_ADDRESS" });
  });

  it("that was never known fails", async () => {
    const { caching } = resolver({ v4: failing }, false);
    await expect(caching.resolve("a.example")).rejects.toMatchObject({ code: "RESOLVE_FAILED" });
  });
});

describe("the code of a failure", () => {
  it.each([
    ["ENOTFOUND", "RESOLVE_NO_ADDRESS", "theirs"],
    ["ENODATA", "RESOLVE_NO_ADDRESS", "theirs"],
    ["ESERVFAIL", "RESOLVE_FAILED", "unclear"],
    ["EREFUSED", "RESOLVE_REFUSED", "unclear"],
    ["ETIMEOUT", "RESOLVE_TIMEOUT", "unclear"],
    ["ECONNREFUSED", "RESOLVE_UNREACHABLE", "ours"],
    ["EFILE", "RESOLVE_UNREACHABLE", "ours"],
  ])("%s of c-ares is %s, %s: never that of a connection", async (ares, code, fault) => {
    const { caching } = resolver({ v4: aresError(ares) }, false);
    await expect(caching.resolve("a.example")).rejects.toMatchObject({ code, fault, cause: { code: ares } });
  });
});

describe("name servers", () => {
  it("are heard when they answer, be it that there is no such name, and not when they fail", async () => {
    const { caching, answers, heard } = resolver({ v4: v4("8.8.8.8", 1) }, false);
    await caching.resolve("a.example");
    answers.v4 = noData;
    await caching.resolve("b.example").catch(() => undefined);
    answers.v4 = failing;
    await caching.resolve("c.example").catch(() => undefined);
    expect(heard).toEqual(["a.example", "b.example"]);
  });

  it("are asked for a name that is known already, where it is to be seen whether they answer", async () => {
    const { caching, answers, asked } = resolver({ v4: v4("8.8.8.8") }, false);
    await caching.resolve("a.example");
    expect(await caching.isHeard("a.example")).toBe(true);
    answers.v4 = noData;
    expect(await caching.isHeard("a.example")).toBe(true);
    answers.v4 = failing;
    expect(await caching.isHeard("a.example")).toBe(false);
    expect(asked).toHaveLength(4);
    expect(await caching.resolve("a.example")).toEqual(["8.8.8.8"]);
  });
});
