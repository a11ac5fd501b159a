import { describe, expect, it } from "@jest/globals";
import { AgingMap } from "../../../core/cache/aging-map.ts";

describe("what is believed for a while", () => {
  const clock = { ms: 1000 };
  const map = (most = 10) => new AgingMap<string>({ most, maxAgeMs: 50, now: () => clock.ms });

  it("is there until its age is over, and not at its very end", () => {
    const believed = map();
    believed.set("a", "value");
    clock.ms += 49;
    expect(believed.get("a")).toBe("value");
    clock.ms += 1;
    expect(believed.get("a")).toBeUndefined();
  });

  it("has its whole age again when it is set again, and none when it is looked up", () => {
    const believed = map();
    believed.set("a", "first");
    clock.ms += 40;
    believed.get("a");
    believed.set("b", "first");
    clock.ms += 20;
    expect([believed.get("a"), believed.get("b")]).toEqual([undefined, "first"]);
  });

  it("ends when it says so itself, and is not retried all where that is over", () => {
    const believed = map();
    believed.set("a", "long", clock.ms + 1000);
    believed.set("b", "over", clock.ms);
    clock.ms += 999;
    expect([believed.get("a"), believed.get("b")]).toEqual(["long", undefined]);
    clock.ms += 1;
    expect(believed.get("a")).toBeUndefined();
  });

  it("keeps what was there where a value that is over is set", () => {
    const believed = map();
    believed.set("a", "good");
    believed.set("a", "over", clock.ms - 1);
    expect(believed.get("a")).toBe("good");
  });

  it("is bounded, and forgets what was not used for longest", () => {
    const believed = map(4);
    for (const key of ["a", "b", "c", "d"]) believed.set(key, key);
    believed.get("a");
    believed.set("e", "e");
    expect(["b", "a", "e"].map((key) => believed.get(key))).toEqual([undefined, "a", "e"]);
  });

  it("is forgotten on demand", () => {
    const believed = map();
    believed.set("a", "value");
    believed.delete("a");
    expect(believed.get("a")).toBeUndefined();
  });
});
