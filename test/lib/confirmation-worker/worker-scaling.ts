import { describe, expect, it } from "@jest/globals";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { parseSettings } from "../../../core/settings/settings.ts";
import { drainSeconds, mostOrderedBacklog, targetBacklogPerTask } from "../../../core/settings/scaling.ts";
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
    template.hasResourceProperties("AWS::ApplicationAutoScaling::ScalableTarget", { MinCapacity: 2, MaxCapacity: 40 });
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
          // Each task that runs is a sample a minute; CPU has three.
          Match.objectLike({
            Id: "running",
            MetricStat: Match.objectLike({
              Metric: Match.objectLike({ Namespace: "AWS/ECS", MetricName: "MemoryUtilization" }),
              Stat: "SampleCount",
            }),
          }),
          {
            Id: "ordered",
            Expression: "FILL(orderedWaiting, 0) + FILL(orderedUnderWay, 0)",
            ReturnData: false,
          },
          {
            Id: "backlogPerTask",
            Expression:
              "(waiting + underWay + IF(ordered > 5120, 5120, ordered)) / IF(FILL(running, 1) < 1, 1, " +
              "FILL(running, 1))",
            ReturnData: true,
          },
        ],
      },
    });
  });

  it("counts running tasks by Container Insights where that is on", () => {
    const { template: insightful } = synthesize({ insights: { containers: true } });
    insightful.hasResourceProperties("AWS::ECS::Cluster", {
      ClusterSettings: [{ Name: "containerInsights", Value: "enabled" }],
    });
    insightful.hasResourceProperties("AWS::ApplicationAutoScaling::ScalingPolicy", {
      TargetTrackingScalingPolicyConfiguration: Match.objectLike({
        CustomizedMetricSpecification: {
          Metrics: Match.arrayWith([metric("ECS/ContainerInsights", "RunningTaskCount")]),
        },
      }),
    });
  });

  it(
    "counts of the ordered queue no more than a quarter of the most tasks works on, since most of it may be " +
      "held back",
    () => {
      const most = (settings: object) => mostOrderedBacklog(parseSettings(settings));
      expect([most({}), most({ worker: { maxTasks: 2 } })]).toStrictEqual([10 * 512, 512]);
    },
  );

  it("is not measured by Container Insights unless settings ask for it, as that is paid by the month", () => {
    template.hasResourceProperties("AWS::ECS::Cluster", {
      ClusterSettings: [{ Name: "containerInsights", Value: "disabled" }],
    });
  });

  it("goes out and in on the backlog, in more slowly", () => {
    policy({
      CustomizedMetricSpecification: Match.anyValue(),
      DisableScaleIn: false,
      ScaleOutCooldown: 30,
      ScaleInCooldown: 300,
    });
  });

  it("follows CPU as well, measured each twenty seconds, which the service is asked to do", () => {
    policy({
      PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilizationHighResolution" },
      TargetValue: 60,
      DisableScaleIn: false,
      ScaleOutCooldown: 30,
      ScaleInCooldown: 300,
    });
    template.hasResourceProperties("AWS::ECS::Service", {
      Monitoring: { MetricConfigurations: [{ MetricNames: ["CPUUtilization"], ResolutionSeconds: 20 }] },
    });
  });

  it("never ends a delivery when it falls: a stopping task has time for a whole call and all that is around it", () => {
    const settings = parseSettings({});
    expect(settings.worker.stopTimeoutSeconds).toBeGreaterThan(drainSeconds(settings));
    const longest = parseSettings({ delivery: { deadlineMs: 60_000 } });
    expect(longest.worker.stopTimeoutSeconds).toBeGreaterThan(drainSeconds(longest));
  });

  it("aims at a backlog that a task can work on at once and gets through in two seconds", () => {
    expect([targetWith(512, 500), targetWith(512, 100)]).toStrictEqual([512, 200]);
  });
});

describe("settings that deploy but do not fit together", () => {
  it("are warned of when all tasks together cannot reach the target rate", () => {
    expect(warnings({ targetRatePerSecond: 9000, peakRatePerSecond: 9000, worker: { maxTasks: 10 } })).toStrictEqual([
      expect.stringMatching(/9000, got 10 × 500 = 5000\. Raise worker\.maxTasks to 18/),
    ]);
  });

  it("are warned of when a stopping worker would be killed inside an attempt", () => {
    expect(warnings({ worker: { stopTimeoutSeconds: 30 }, delivery: { deadlineMs: 30_000 } })).toStrictEqual([
      expect.stringMatching(/expected at least 38 s, .*got 30 s.*Raise stopTimeoutSeconds/),
    ]);
  });

  it("are warned of when the due index is too narrow for the peak, or the table's quota too low", () => {
    expect(warnings({ dueShards: 16 })).toStrictEqual([
      expect.stringMatching(/dueShards: expected at least 40 .*got 16/),
    ]);
    expect(warnings({ peakRatePerSecond: 25_000 })).toStrictEqual([
      expect.stringMatching(
        /25000 confirmations a second are 50000 writes of the table, settings\.tableWriteQuota is 40000/,
      ),
    ]);
    expect(warnings({ peakRatePerSecond: 25_000, tableWriteQuota: 50_000 })).toStrictEqual([]);
  });

  it("are warned of when their windows together hold more than the queue lets be in flight", () => {
    expect(warnings({ worker: { maxTasks: 235 } })).toStrictEqual([
      expect.stringMatching(/expected at most 120000, .*got 235 × 512 = 120320\. .*Lower worker\.window/),
    ]);
    expect(warnings({ worker: { maxTasks: 234 } })).toStrictEqual([]);
  });

  it("are not warned of by default", () => {
    expect(warnings({})).toStrictEqual([]);
  });
});
