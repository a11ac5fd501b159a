import { beforeAll, describe, expect, it } from "@jest/globals";
import { parseSettings, type SettingsInput } from "../../../../core/settings/settings.ts";
import { atRest } from "../../../../lib/cost/at-rest/at-rest.ts";
import type { Resource, Template } from "../../../../lib/cost/template.ts";
import { synthesize } from "../../synthesized-stack.ts";

const templateOf = (settings: SettingsInput): Template => synthesize(settings).template.toJSON() as Template;
const about = (template: Template, settings: SettingsInput = {}) => ({ template, settings: parseSettings(settings) });
const usdOf = (template: Template, item: string) =>
  atRest(about(template)).items.find((one) => one.item === item)?.usd ?? 0;
const withResource = ({ Resources }: Template, resource: Resource): Template => ({
  Resources: { ...Resources, Another: resource },
});

describe("what the stack costs at rest", () => {
  let template: Template;
  beforeAll(() => {
    template = templateOf({});
  });

  it("is the sum of its items, the dearest first, none without a word what it is of", () => {
    const { usd, items } = atRest(about(template));
    expect(items.reduce((sum, one) => sum + one.usd, 0)).toBeCloseTo(usd, 6);
    expect(items.map((one) => one.usd)).toStrictEqual(items.map((one) => one.usd).toSorted((a, b) => b - a));
    expect(items.filter(({ item, of }) => item === "" || of === "")).toStrictEqual([]);
  });

  it.each<[string, Resource, string, number]>([
    ["a NAT gateway with its address", { Type: "AWS::EC2::NatGateway" }, "NAT gateways", 36.5],
    [
      "an interface endpoint, by zone",
      {
        Type: "AWS::EC2::VPCEndpoint",
        Properties: { VpcEndpointType: "Interface", ServiceName: "com.amazonaws.us-east-1.sts", SubnetIds: ["a", "b"] },
      },
      "Interface endpoints",
      14.6,
    ],
    ["a gateway endpoint", { Type: "AWS::EC2::VPCEndpoint", Properties: {} }, "Interface endpoints", 0],
    ["an alarm", { Type: "AWS::CloudWatch::Alarm", Properties: { Period: 60 } }, "Alarms", 0.1],
    ["an alarm of ten seconds", { Type: "AWS::CloudWatch::Alarm", Properties: { Period: 10 } }, "Alarms", 0.3],
    [
      "an alarm over two metrics",
      { Type: "AWS::CloudWatch::Alarm", Properties: { Metrics: [{ MetricStat: {} }, { MetricStat: {} }, {}] } },
      "Alarms",
      0.2,
    ],
    [
      "an alarm with an anomaly band",
      {
        Type: "AWS::CloudWatch::Alarm",
        Properties: { Metrics: [{ MetricStat: {} }, { Expression: "ANOMALY_DETECTION_BAND(m1, 2)" }] },
      },
      "Alarms",
      0.3,
    ],
    ["a composite alarm", { Type: "AWS::CloudWatch::CompositeAlarm" }, "Alarms", 0.5],
    ["a dashboard", { Type: "AWS::CloudWatch::Dashboard" }, "Dashboard", 3],
    ["a key", { Type: "AWS::KMS::Key" }, "Keys", 1],
    ["a secret", { Type: "AWS::SecretsManager::Secret" }, "Secrets", 0.4],
  ])("grows by what AWS charges for %s", (_, resource, item, usd) => {
    expect(usdOf(withResource(template, resource), item) - usdOf(template, item)).toBeCloseTo(usd, 4);
  });

  it("follows the least number of tasks and their size", () => {
    const fargate = (worker: SettingsInput["worker"]) => usdOf(templateOf({ worker }), "Fargate");
    const two = usdOf(template, "Fargate");
    expect(two).toBeCloseTo(2 * 730 * (0.03238 + 2 * 0.00356), 3);
    expect(fargate({ minTasks: 6, cpu: 512, memoryMiB: 1024 })).toBeCloseTo(1.5 * two, 3);
  });

  it("follows how often a schedule fires, and its targets", () => {
    const { Resources } = template;
    const [id, rule] = Object.entries(Resources).find(([name]) => name.startsWith("ReleaseDueEveryMinute")) ?? [];
    const hourly = { ...rule, Properties: { ...rule?.Properties, ScheduleExpression: "rate(1 hour)" } } as Resource;
    expect(usdOf({ Resources: { ...Resources, [id ?? ""]: hourly } }, "Functions")).toBeLessThan(
      usdOf(template, "Functions") / 2,
    );
  });

  it("is at most $180 a month in standard mode by default settings", () => {
    expect(atRest(about(template)).usd).toBeLessThanOrEqual(180);
  });

  it("is at most $10 a month in small-account mode, with the eight metrics that it publishes", () => {
    const settings = { delivery: { mode: "lambda" } } as const;
    const small = atRest(about(templateOf(settings), settings));
    expect(small.usd).toBeLessThanOrEqual(10);
    expect(small.items.find(({ item }) => item === "Metrics")?.usd).toBeCloseTo(8 * 0.3, 4);
    expect(small.items.map(({ item }) => item)).not.toContain("NAT gateways");
  });

  it("grows by four metrics for each label that is counted, and for the rest together", () => {
    const metricsUsd = (settings: SettingsInput) =>
      atRest(about(templateOf(settings), settings)).items.find(({ item }) => item === "Metrics")?.usd ?? 0;
    const campaigns = ["spring-sale", "reminder"];
    expect(metricsUsd({ campaigns }) - metricsUsd({})).toBeCloseTo(3 * 4 * 0.3, 4);
    const small = { delivery: { mode: "lambda" }, campaigns } as const;
    expect(metricsUsd(small)).toBeCloseTo(8 * 0.3, 4);
    expect(metricsUsd({ ...small, lambda: { campaignMetrics: true } })).toBeCloseTo((8 + 3 * 4) * 0.3, 4);
  });

  it("is as little with the API, in either mode, as its functions cost nothing while nobody calls them", () => {
    const api = { issuer: "https://issuer.example", audience: ["confirmations"] };
    expect(atRest(about(templateOf({ api }), { api })).usd).toBeLessThanOrEqual(180);
    const small = { delivery: { mode: "lambda" }, api } as const;
    const cost = atRest(about(templateOf(small), small));
    expect(cost.usd).toBeLessThanOrEqual(10);
    expect(cost.items.find(({ item }) => item === "Metrics")?.usd).toBeCloseTo(8 * 0.3, 4);
  });

  it("grows by a web ACL with its rules, and by a user pool's client that is a program", () => {
    const api = { cognito: true, waf: true };
    const guarded = templateOf({ api });
    expect(usdOf(guarded, "Web ACL")).toBeCloseTo(5 + 4, 4);
    expect(usdOf(guarded, "User pool")).toBeCloseTo(6, 4);
    for (const item of ["Web ACL", "User pool"]) expect(usdOf(template, item)).toBe(0);
  });

  it("grows by insights, by provisioned capacity that is always there, and by the alarms of its scaling", () => {
    const insights = { containers: true, merchants: true };
    const provisioned = templateOf({ name: "sandbox", capacity: { mode: "provisioned" }, insights });
    expect(usdOf(provisioned, "Insights")).toBeCloseTo(37 * 0.3 + 3 * 0.5, 4);
    expect(usdOf(template, "Insights")).toBe(0);
    // 200 a second with headroom: 572 + 572 + 286 writes, and reads; table and three indexes are scaled, each way.
    expect(usdOf(provisioned, "Provisioned capacity")).toBeGreaterThan(1430 * 0.00065 * 730);
    expect(usdOf(provisioned, "Alarms") - usdOf(template, "Alarms")).toBeCloseTo((8 * 4 + 1) * 0.1, 4);
    // The one more metric is how many tasks are wanted. Functions are known by their names in the code, whatever the
    // setting `name` puts before them.
    expect(usdOf(provisioned, "Functions")).toBe(usdOf(template, "Functions"));
  });

  it("is refused where the template holds a type that nobody has priced, with where to state it", () => {
    expect(() => atRest(about(withResource(template, { Type: "AWS::Redshift::Cluster" })))).toThrow(
      expect.objectContaining({
        code: "COST_UNKNOWN",
        message: expect.stringMatching(/^The template holds Another of the type AWS::Redshift::Cluster.*at-rest\.ts/),
      }),
    );
  });

  it("is refused where a schedule runs a function of which nothing was measured", () => {
    const job = withResource(template, { Type: "AWS::Lambda::Function", Properties: { FunctionName: "new-job" } });
    const scheduled = {
      Resources: {
        ...job.Resources,
        Clock: {
          Type: "AWS::Events::Rule",
          Properties: {
            ScheduleExpression: "rate(1 minute)",
            Targets: [{ Arn: { "Fn::GetAtt": ["Another", "Arn"] } }],
          },
        },
      },
    };
    expect(() => atRest(about(scheduled))).toThrow(/^The function new-job runs though .*idle\.ts/);
  });
});
