import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { asksForHelp, assemblyOf, deployedStacks, optionOf } from "../../../bin/deploy/deployed-stacks.ts";

const directory = mkdtempSync(join(tmpdir(), "assembly-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("what npm run deploy was given", () => {
  it("says where the assembly is", () => {
    expect(assemblyOf([])).toBe("cdk.out");
    expect(assemblyOf(["-c", "settings={}", "--output", "elsewhere"])).toBe("elsewhere");
    expect(assemblyOf(["-o", "elsewhere"])).toBe("elsewhere");
    expect(assemblyOf(["--output=elsewhere"])).toBe("elsewhere");
    expect(assemblyOf(["--app", directory])).toBe(directory);
    expect(assemblyOf(["--app", "node bin/confirmation-pipeline.ts"])).toBe("cdk.out");
  });

  it("says whether anything is deployed at all", () => {
    expect([asksForHelp(["--help"]), asksForHelp(["-h"]), asksForHelp(["-c", "settings={}"])]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("says which profile is used", () => {
    expect(optionOf(["--profile", "live"], "--profile")).toBe("live");
    expect(optionOf(["--profile=live"], "--profile")).toBe("live");
    expect(optionOf(["--all"], "--profile")).toBeUndefined();
  });
});

describe("the stacks of an assembly", () => {
  it("are those that hold a pipeline, to be protected unless it is disposable", () => {
    const stack = (id: string, environment: string, stackName?: string) => ({
      type: "aws:cloudformation:stack",
      environment,
      properties: { templateFile: `${id}.json`, ...(stackName !== undefined && { stackName }) },
    });
    const artifacts = {
      Live: stack("Live", "aws://unknown-account/unknown-region", "acme-ConfirmationPipeline"),
      Trial: stack("Trial", "aws://123456789012/eu-west-1"),
      Other: stack("Other", "aws://unknown-account/unknown-region"),
      Assets: { type: "cdk:asset-manifest" },
    };
    writeFileSync(join(directory, "manifest.json"), JSON.stringify({ artifacts }));
    const template = (id: string, Resources: object) =>
      writeFileSync(join(directory, `${id}.json`), JSON.stringify({ Resources }));
    template("Live", { Guard: { Type: "Custom::DeletionProtection", Properties: { Protect: true } } });
    template("Trial", { Guard: { Type: "Custom::DeletionProtection", Properties: { Protect: false } } });
    template("Other", { Table: { Type: "AWS::DynamoDB::Table" } });
    expect(deployedStacks(directory)).toEqual([
      { name: "acme-ConfirmationPipeline", region: undefined, isProtected: true },
      { name: "Trial", region: "eu-west-1", isProtected: false },
    ]);
  });

  it("are none where nothing was synthesized", () => {
    expect(deployedStacks(join(directory, "nowhere"))).toEqual([]);
  });
});
