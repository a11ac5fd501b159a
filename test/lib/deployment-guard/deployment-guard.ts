import { describe, expect, it } from "@jest/globals";
import type { Template } from "aws-cdk-lib/assertions";
import { synthesize, synthesizeAnew } from "../synthesized-stack.ts";

const live = synthesize();
const disposable = synthesize({ disposable: true });

interface Resource {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

const resourcesOf = (template: Template) => Object.entries(template.toJSON().Resources as Record<string, Resource>);
const ofType = (template: Template, type: string) => resourcesOf(template).filter(([, { Type }]) => Type === type);

/** What CloudFormation makes before a resource: what it names, and what it depends on, all the way. */
function before(template: Template, id: string, seen = new Set<string>()): ReadonlySet<string> {
  const resources: Record<string, Resource> = template.toJSON().Resources;
  const { DependsOn = [], Properties = {} } = resources[id] ?? {};
  const text = JSON.stringify(Properties);
  const named = [...text.matchAll(/"(?:Ref":|Fn::GetAtt":\[)"(\w+)"/g)].map(([, name = ""]) => name);
  for (const one of [...[DependsOn].flat(), ...named]) {
    if (seen.has(one) || !(one in resources)) continue;
    seen.add(one);
    before(template, one, seen);
  }
  return seen;
}

/** Its logical id. */
function onlyOne(template: Template, type: string): string {
  const [id = "none", ...others] = ofType(template, type).map(([name]) => name);
  expect(others).toStrictEqual([]);
  return id;
}

const protection = onlyOne(live.template, "Custom::DeletionProtection");

describe("the protection of the tables", () => {
  it("is in no table's part of the template, so that a first deployment that fails can be rolled back", () => {
    const tables = ofType(live.template, "AWS::DynamoDB::Table").map(([, { Properties = {} }]) => Properties);
    expect(tables.filter((properties) => "DeletionProtectionEnabled" in properties)).toStrictEqual([]);
  });

  it("comes after everything else, and so goes before everything else", () => {
    const all = resourcesOf(live.template).map(([id]) => id);
    const last = before(live.template, protection);
    // What the CDK adds for its own sake has no part in this.
    expect(all.filter((id) => id !== protection && !last.has(id) && id !== "CDKMetadata")).toStrictEqual([]);
  });

  it("is of every table", () => {
    const tables = ofType(live.template, "AWS::DynamoDB::Table").map(([Ref]) => ({ Ref }));
    const [[, { Properties = {} }] = ["", { Properties: {} }]] = ofType(live.template, "Custom::DeletionProtection");
    expect(Properties["Tables"]).toEqual(expect.arrayContaining(tables));
    expect(Properties["Tables"]).toHaveLength(tables.length);
    expect(Properties["Protect"]).toBe(true);
  });

  it("is put on again when a table's part of the template has changed", () => {
    const definitions = (template: Template) =>
      ofType(template, "Custom::DeletionProtection").map(([, { Properties = {} }]) => Properties["Definitions"]);
    expect(definitions(synthesizeAnew().template)).toStrictEqual(definitions(live.template));
    expect(definitions(synthesize({ tableWriteFloor: 50_000 }).template)).not.toStrictEqual(definitions(live.template));
  });

  it("is looked at each hour, but not of a disposable stack", () => {
    live.template.hasResourceProperties("AWS::Events::Rule", { ScheduleExpression: "rate(1 hour)", Targets: [{}] });
    const looks = (template: Template) =>
      ofType(template, "AWS::Events::Rule").filter(([id]) => id.startsWith("Deployment"));
    expect([looks(live.template).length, looks(disposable.template).length]).toStrictEqual([1, 0]);
    expect(Object.keys(disposable.template.findResources("AWS::CloudWatch::Alarm")).join(" ")).not.toContain(
      "ProtectionOff",
    );
  });

  it("of the stack itself is nothing that the CDK turns on before it creates anything", () => {
    expect(live.stack.terminationProtection).toBe(false);
  });
});

describe("the roles of services", () => {
  it("are there before the first cluster and what scales it, by a call that tolerates those that exist", () => {
    const roles = onlyOne(live.template, "Custom::ServiceLinkedRoles");
    for (const type of ["AWS::ECS::Cluster", "AWS::ECS::Service", "AWS::ApplicationAutoScaling::ScalableTarget"])
      for (const [id] of ofType(live.template, type)) expect([...before(live.template, id)]).toContain(roles);
    expect(ofType(live.template, "AWS::IAM::ServiceLinkedRole")).toStrictEqual([]);
  });

  it("are those that the stack uses: of tables that are scaled too, and none where nothing is", () => {
    const { template: scaled } = synthesize({ capacity: { mode: "provisioned" } });
    const roles = onlyOne(scaled, "Custom::ServiceLinkedRoles");
    const targets = ofType(scaled, "AWS::ApplicationAutoScaling::ScalableTarget");
    expect(targets.length).toBeGreaterThan(1);
    for (const [id] of targets) expect([...before(scaled, id)]).toContain(roles);
    const { template: smallAccount } = synthesize({ delivery: { mode: "lambda" } });
    expect(ofType(smallAccount, "Custom::ServiceLinkedRoles")).toStrictEqual([]);
    expect(JSON.stringify(smallAccount.findResources("AWS::IAM::Policy"))).not.toContain("CreateServiceLinkedRole");
  });
});

describe("a disposable stack", () => {
  it("leaves nothing behind when it is deleted", () => {
    const kept = resourcesOf(disposable.template).filter(
      ([, { DeletionPolicy = "Delete" }]) => DeletionPolicy !== "Delete",
    );
    expect(kept.map(([id]) => id)).toStrictEqual([]);
  });

  it("does not touch what the account has but once", () => {
    expect(ofType(disposable.template, "AWS::ApiGateway::Account")).toStrictEqual([]);
    expect(ofType(live.template, "AWS::ApiGateway::Account")).toHaveLength(1);
  });

  it("empties its buckets after all that writes to them is gone", () => {
    const emptied = onlyOne(disposable.template, "Custom::EmptiedBuckets");
    const buckets = ofType(disposable.template, "AWS::S3::Bucket").map(([id]) => id);
    expect(buckets.filter((id) => !before(disposable.template, emptied).has(id))).toStrictEqual([]);
    const writers = resourcesOf(disposable.template).filter(
      ([, { Type, Properties = {} }]) =>
        (Type === "AWS::Lambda::Function" &&
          /audit-transactions|stream-transactions/.test(String(Properties["FunctionName"]))) ||
        Type === "AWS::Lambda::EventSourceMapping",
    );
    expect(writers.length).toBeGreaterThanOrEqual(4);
    for (const [id] of writers) expect([...before(disposable.template, id)]).toContain(emptied);
  });

  it("has log groups of its own alone: none that a service would make and leave", () => {
    const functions = ofType(disposable.template, "AWS::Lambda::Function");
    const groups = JSON.stringify(ofType(disposable.template, "AWS::Logs::LogGroup"));
    for (const [, { Properties = {} }] of functions)
      expect(groups).toContain(`"/aws/lambda/${String(Properties["FunctionName"])}"`);
  });
});
