import { describe, expect, it } from "@jest/globals";
import { LoadingCache } from "../../../core/cache/loading-cache.ts";

const clock = { ms: 0 };

function cacheOf(responses: (string | Error)[]) {
  const asked: string[] = [];
  const cache = new LoadingCache<string>({
    load: async (key) => {
      asked.push(key);
      const response = responses.shift() ?? "more";
      if (response instanceof Error) throw response;
      return response;
    },
    keep: (value) => value !== "unknown",
    maxAgeMs: 100,
    most: 10,
    now: () => clock.ms,
  });
  return { asked, cache };
}

describe("what is loaded", () => {
  it("is loaded once for all that ask meanwhile, and again when its age is over", async () => {
    const { asked, cache } = cacheOf(["first", "second"]);
    expect(await Promise.all([cache.get("m"), cache.get("m")])).toEqual(["first", "first"]);
    clock.ms += 99;
    expect(await cache.get("m")).toBe("first");
    clock.ms += 1;
    expect(await cache.get("m")).toBe("second");
    expect(asked).toEqual(["m", "m"]);
  });

  it("is asked for again where it failed, and where it is not worth keeping", async () => {
    const { asked, cache } = cacheOf([new Error("throttled"), "unknown", "known"]);
    await expect(cache.get("m")).rejects.toThrow("throttled");
    expect(await cache.get("m")).toBe("unknown");
    expect(await cache.get("m")).toBe("known");
    expect(await cache.get("m")).toBe("known");
    expect(asked).toHaveLength(3);
  });

  it("is loaded anew once it is forgotten", async () => {
    const { cache } = cacheOf(["first", "second"]);
    expect(await cache.get("m")).toBe("first");
    cache.forget("m");
    expect(await cache.get("m")).toBe("second");
  });

  it("stays where it was loaded anew while an older load fails", async () => {
    const failing = Promise.withResolvers<string>();
    const loads = [failing.promise, Promise.resolve("newer")];
    const cache = new LoadingCache<string>({
      load: () => loads.shift() ?? Promise.reject(new Error("asked once more")),
      keep: () => true,
      maxAgeMs: 100,
      most: 10,
      now: () => clock.ms,
    });
    const older = cache.get("m");
    clock.ms += 100;
    expect(await cache.get("m")).toBe("newer");
    failing.reject(new Error("too late"));
    await expect(older).rejects.toThrow("too late");
    expect(await cache.get("m")).toBe("newer");
  });
});
