import { describe, expect, it } from "@jest/globals";
import { functionsOf } from "../../../core/settings/mode-programs.ts";
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { synthesize } from "../synthesized-stack.ts";

interface Rule {
  readonly ServiceName: string;
  readonly ServiceType: string;
  readonly FixedRate: number;
  readonly ReservoirSize: number;
  readonly Priority: number;
}

function rules(settings: Parameters<typeof synthesize>[0] = {}): Map<string, Rule> {
  const found = Object.values(synthesize(settings).template.findResources("AWS::XRay::SamplingRule"));
  return new Map(found.map(({ Properties }) => [Properties.SamplingRule.ServiceName, Properties.SamplingRule]));
}

describe("the sampling rules", () => {
  it("have one for each function, each of its own priority before X-Ray's default", () => {
    const all = [...rules().values()];
    expect(all.map(({ ServiceName }) => ServiceName).toSorted()).toEqual(
      functionsOf("fargate")
        .map((key): string => FUNCTION_NAMES[key])
        .toSorted(),
    );
    expect(new Set(all.map(({ Priority }) => Priority)).size).toBe(all.length);
    for (const { Priority, ServiceType } of all) {
      expect(Priority).toBeLessThan(10_000);
      expect(ServiceType).toBe("AWS::Lambda::Function");
    }
  });

  it("keep the share and the reservoir of the settings, and of what runs by the clock one a second", () => {
    const kept = { FixedRate: 0.05, ReservoirSize: 1 };
    expect(rules().get("confirmation-webhook")).toMatchObject(kept);
    // A run of its own for nearly each change: transactions are traced by share, not the runs that carry them.
    expect(rules().get("stream-transactions")).toMatchObject({ FixedRate: 0, ReservoirSize: 1 });
    expect(rules().get("release-due")).toMatchObject({ FixedRate: 0, ReservoirSize: 1 });
    const more = rules({ tracing: { share: 0.5, reservoirPerSecond: 3 } });
    expect(more.get("insert-fake-transactions")).toMatchObject({ FixedRate: 0.5, ReservoirSize: 3 });
  });

  it("keep nothing in small-account mode of what runs by the clock", () => {
    const smallAccount = rules({ delivery: { mode: "lambda" } });
    expect(smallAccount.get("release-due")).toMatchObject({ FixedRate: 0, ReservoirSize: 0 });
    expect(smallAccount.get("confirmation-transactions")).toMatchObject({ FixedRate: 0.05, ReservoirSize: 1 });
  });

  it("keep a share alone in small-account mode of what the canary keeps going", () => {
    const smallAccount = rules({ delivery: { mode: "lambda" } });
    expect(smallAccount.get("stream-transactions")).toMatchObject({ FixedRate: 0, ReservoirSize: 0 });
    for (const service of ["canary", "confirmation-webhook"])
      expect(smallAccount.get(service)).toMatchObject({ FixedRate: 0.05, ReservoirSize: 0 });
  });

  it("are what the programs decide with that begin a trace of a transaction", () => {
    const variables = { TRACE_SHARE: "0.5", TRACE_RESERVOIR_PER_SECOND: "3" };
    const { template } = synthesize({ tracing: { share: 0.5, reservoirPerSecond: 3 } });
    for (const FunctionName of ["stream-transactions", "insert-fake-transactions"]) {
      const [found] = Object.values(template.findResources("AWS::Lambda::Function", { Properties: { FunctionName } }));
      expect(found?.["Properties"].Environment.Variables).toMatchObject(variables);
    }
  });
});
