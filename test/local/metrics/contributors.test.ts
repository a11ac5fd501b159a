import { describe, expect, it } from "@jest/globals";
import { Contributors } from "../../../local/metrics/contributors.ts";

const MINUTE_MS = 60_000;
const rule = (contribution: object, more: object = {}) => ({
  logicalId: "R",
  type: "AWS::CloudWatch::InsightRule",
  properties: {
    RuleName: "rule",
    RuleBody: JSON.stringify({
      LogFormat: "JSON",
      LogGroupNames: ["/group"],
      AggregateOn: "Sum",
      Contribution: { Keys: ["$.id"], ValueOf: "$.failed", Filters: [], ...contribution },
      ...more,
    }),
  },
});

function watch(contribution: object = {}, more: object = {}) {
  let now = 0;
  const contributors = new Contributors([rule(contribution, more)], () => now);
  return {
    contributors,
    see: (event: Readonly<Record<string, unknown>>) => contributors.observe("/group", event),
    at: (ms: number) => {
      now = ms;
    },
    top: (count = 10, since = 0) => contributors.top("rule", count, since),
  };
}

describe("a rule of Contributor Insights on this machine", () => {
  it("adds up a field by who is named, the greatest first", () => {
    const { see, top } = watch();
    for (const [id, failed] of [
      ["a", 1],
      ["b", 5],
      ["a", 2],
    ] as const)
      see({ id, failed });
    expect(top()).toEqual([
      { name: "b", value: 5 },
      { name: "a", value: 3 },
    ]);
    expect(top(1)).toEqual([{ name: "b", value: 5 }]);
  });

  it("counts lines where it aggregates on the count", () => {
    const { see, top } = watch({}, { AggregateOn: "Count" });
    see({ id: "a" });
    see({ id: "a" });
    expect(top()).toEqual([{ name: "a", value: 2 }]);
  });

  it("takes lines that pass all of its filters alone", () => {
    const { see, top } = watch({
      Filters: [
        { Match: "$.message", In: ["yes"] },
        { Match: "$.failed", GreaterThan: 0 },
      ],
    });
    see({ id: "a", failed: 1, message: "yes" });
    see({ id: "b", failed: 1, message: "no" });
    see({ id: "c", failed: 0, message: "yes" });
    expect(top()).toEqual([{ name: "a", value: 1 }]);
  });

  it("takes lines of its log groups alone, and leaves out those that name nobody", () => {
    const { contributors, see, top } = watch();
    contributors.observe("/other", { id: "a", failed: 1 });
    see({ failed: 1 });
    see({ id: "a", failed: "many" });
    expect(top()).toEqual([]);
    expect([contributors.listensTo("/group"), contributors.listensTo("/other")]).toEqual([true, false]);
  });

  it("forgets: what was before, and what is older than an hour", () => {
    const { see, at, top } = watch();
    see({ id: "early", failed: 1 });
    at(30 * MINUTE_MS);
    see({ id: "late", failed: 1 });
    expect(top(10, 10 * MINUTE_MS).map(({ name }) => name)).toEqual(["late"]);
    at(61 * MINUTE_MS);
    see({ id: "last", failed: 1 });
    expect(top().map(({ name }) => name)).toEqual(["last", "late"]);
  });

  it("is bounded, whatever names come", () => {
    const { see, top } = watch();
    for (let index = 0; index < 2000; index += 1) see({ id: `m-${index}`, failed: 1 });
    see({ id: "m-1", failed: 1 });
    expect(top(5000)).toHaveLength(1000);
    expect(top(1)).toEqual([{ name: "m-1", value: 2 }]);
  });

  it("that reads no JSON is left out", () => {
    expect(watch({}, { LogFormat: "CLF" }).contributors.has("rule")).toBe(false);
  });
});
