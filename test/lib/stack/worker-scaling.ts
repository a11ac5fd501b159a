import { describe, expect, it } from "@jest/globals";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { parseSettings } from "../../../core/settings.ts";
import { mostOrderedBacklog, targetBacklogPerTask } from "../../../lib/worker-scaling.ts";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();
const policy = (configuration: object) =>
  template.hasResourceProperties("AWS::ApplicationAutoScaling::ScalingPolicy", {
    TargetTrackingScalingPolicyConfiguration: Match.objectLike(configuration),
  });
const metric = (Namespace: string, MetricName: string) =>
  Match.objectLike({
    MetricStat: Match.objectLike({ Metric: Match.objectLike({ Namespace, MetricName }) }),
    ReturnData: false,
  });
const targetWith = (window: number, ratePerTask: number) =>
  targetBacklogPerTask(parseSettings({ worker: { window, ratePerTask } }));
const warnings = (settings: object) =>
  Annotations.fromStack(synthesize(settings).stack)
    .findWarning("*", Match.anyValue())
    .map(({ entry }) => entry.data as string);

describe("the number of workers", () => {
  it("stays between the settings' minimum and maximum", () => {
    template.hasResourceProperties("AWS::ApplicationAutoScaling::ScalableTarget", { MinCapacity: 2, MaxCapacity: 20 });
    synthesize({ worker: { minTasks: 3, maxTasks: 7 } }).template.hasResourceProperties(
      "AWS::ApplicationAutoScaling::ScalableTarget",
      { MinCapacity: 3, MaxCapacity: 7 },
    );
  });

  it("follows waiting and in-flight messages over running tasks, and never divides by none", () => {
    policy({
      CustomizedMetricSpecification: {
        Metrics: [
          metric("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
          metric("AWS/SQS", "ApproximateNumberOfMessagesNotVisible"),
          metric("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
          metric("AWS/SQS", "ApproximateNumberOfMessagesNotVisible"),
          metric("ECS/ContainerInsights", "RunningTaskCount"),
          {
            Id: "ordered",
            Expression: "FILL(orderedWaiting, 0) + FILL(orderedUnderWay, 0)",
            ReturnData: false,
          },
          {
            Id: "backlogPerTask",
            Expression:
              "(waiting + underWay + IF(ordered > 2560, 2560, ordered)) / IF(FILL(running, 1) < 1, 1, FILL(running, 1))",
            ReturnData: true,
          },
        ],
      },
    });
  });

  it("counts of the ordered queue no more than a quarter of the most tasks works on, since most of it may be held back", () => {
    const most = (settings: object) => mostOrderedBacklog(parseSettings(settings));
    expect([most({}), most({ worker: { maxTasks: 2 } })]).toStrictEqual([5 * 512, 512]);
  });

  it("is measured by a cluster that reports its tasks", () => {
    template.hasResourceProperties("AWS::ECS::Cluster", {
      ClusterSettings: [{ Name: "containerInsights", Value: "enabled" }],
    });
  });

  it("goes out and in on the backlog, in more slowly", () => {
    policy({
      CustomizedMetricSpecification: Match.anyValue(),
      DisableScaleIn: false,
      ScaleOutCooldown: 60,
      ScaleInCooldown: 300,
    });
  });

  it("follows CPU as well", () => {
    policy({
      PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
      TargetValue: 60,
    });
  });

  it("aims at a backlog that a task can work on at once and gets through in two seconds", () => {
    expect([targetWith(512, 500), targetWith(512, 100)]).toStrictEqual([512, 200]);
  });
});

describe("settings that deploy but do not fit together", () => {
  it("are warned of when all tasks together cannot reach the target rate", () => {
    expect(warnings({ targetRatePerSecond: 9000, worker: { maxTasks: 10, ratePerTask: 500 } })).toStrictEqual([
      expect.stringMatching(/9000, got 10 × 500 = 5000\. Raise worker\.maxTasks to 18/),
    ]);
  });

  it("are warned of when a stopping worker would be killed inside an attempt", () => {
    expect(warnings({ worker: { stopTimeoutSeconds: 30 }, delivery: { deadlineMs: 30_000 } })).toStrictEqual([
      expect.stringMatching(/30 s, got 30 s.*Raise stopTimeoutSeconds/),
    ]);
  });

  it("are not warned of by default", () => {
    expect(warnings({})).toStrictEqual([]);
  });
});
