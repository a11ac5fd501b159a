import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import {
  DEAD_LETTER_QUEUE_NAME,
  FUNCTION_NAMES,
  METRICS,
  METRICS_NAMESPACE,
  WORKER_SERVICE,
} from "../../../core/settings/names.ts";
import { functionsOf } from "../../../core/settings/mode-programs.ts";
import { parseSettings } from "../../../core/settings/settings.ts";
import { longestStayInQueueSeconds } from "../../../lib/confirmation-queues/queue-alarms.ts";
import { PROGRAMS, type ProgramName } from "../../../lib/program/bundle.ts";
import { alarmRows, idOf } from "./alarm-rows.ts";
import { meantAlarms } from "./meant-alarms.ts";
import { synthesize } from "../synthesized-stack.ts";
import { TemplatePrograms, WITH_API } from "../program/template-programs.ts";

const { template } = synthesize();
const programs = new TemplatePrograms(template);
const OF_THE_API: ReadonlySet<ProgramName> = new Set([
  "confirmationsApi",
  "merchantSecrets",
  "apiAuthorizer",
  "auditLogChain",
  "runJobs",
  "importTransactions",
]);
const withApi = new TemplatePrograms(synthesize(WITH_API).template);
const alarm = (properties: object) => template.hasResourceProperties("AWS::CloudWatch::Alarm", properties);
const alarms = new Map(
  Object.entries(template.findResources("AWS::CloudWatch::Alarm")).map(([logicalId, { Properties }]) => [
    idOf(logicalId),
    Properties,
  ]),
);
const rows = alarmRows(template).toSorted((one, other) => one.id.localeCompare(other.id));
const rowOf = (of: typeof template, id: string) => alarmRows(of).find((row) => row.id === id);
const ofQueue = (logicalId: string) => [
  { Name: "QueueName", Value: { "Fn::GetAtt": [Match.stringLikeRegexp(`^${logicalId}`), "QueueName"] } },
];
const ofService = (service: string) => [{ Name: "service", Value: service }];
/** A term of an expression. */
const term = (Namespace: string, MetricName: string, Stat: string, Dimensions: unknown = Match.anyValue()) =>
  Match.objectLike({
    MetricStat: Match.objectLike({ Metric: { Namespace, MetricName, Dimensions }, Stat }),
    ReturnData: false,
  });
const counted = (metric: string, service: string, stat = "Sum") =>
  term(METRICS_NAMESPACE, metric, stat, ofService(service));

describe("the alarms", () => {
  it.each(meantAlarms())("have $id: $of $when, told to $told, at $address", (meant) => {
    expect(rows.find(({ id }) => id === meant.id)).toStrictEqual(meant);
  });

  it("are those, and no other", () => {
    expect(rows.map(({ id }) => id)).toStrictEqual(meantAlarms().map(({ id }) => id));
  });

  it("tell the same topic when all is well again", () => {
    for (const { AlarmActions, OKActions } of alarms.values()) expect(OKActions).toStrictEqual(AlarmActions);
  });

  it("look back no further than CloudWatch lets them, and measure all of an expression over the same period", () => {
    for (const [id, { Period, Metrics = [], EvaluationPeriods }] of alarms) {
      const stats: { Period: number }[] = Metrics.flatMap(
        ({ MetricStat }: { MetricStat?: object }) => MetricStat ?? [],
      );
      const periods = new Set(Period === undefined ? stats.map((stat) => stat.Period) : [Period]);
      const [period, ...others] = periods;
      expect({ id, others }).toStrictEqual({ id, others: [] });
      expect(stats.length).toBeLessThanOrEqual(10);
      expect(period * EvaluationPeriods).toBeLessThanOrEqual(period < 3600 ? 86_400 : 604_800);
    }
  });
});

describe("the alarm of canaries", () => {
  it("counts a minute that nobody says anything of as a failure", () => {
    alarm({
      Namespace: METRICS_NAMESPACE,
      MetricName: METRICS.canaryConfirmed,
      Dimensions: ofService(FUNCTION_NAMES.canary),
      Statistic: "Minimum",
      TreatMissingData: "breaching",
    });
  });

  it("is not there when there are no canaries", () => {
    expect(rowOf(synthesize({ canary: { enabled: false } }).template, "Canary")).toBeUndefined();
  });
});

describe("the alarms of objectives", () => {
  it("are about confirmations that we gave up, of what workers completed", () => {
    alarm({
      Metrics: Match.arrayWith([
        counted(METRICS.deadLetteredPipeline, WORKER_SERVICE),
        counted(METRICS.deadLetteredPipeline, FUNCTION_NAMES.releaseDue),
        counted(METRICS.confirmed, WORKER_SERVICE),
      ]),
      Threshold: 1.44,
    });
  });

  it("are about the share of confirmations that took longer than the objective allows", () => {
    alarm({
      Metrics: Match.arrayWith([
        counted(METRICS.commitToConfirmed, WORKER_SERVICE, "PR(:30000)"),
        counted(METRICS.commitToConfirmed, WORKER_SERVICE, "SampleCount"),
      ]),
      Threshold: 14.4,
    });
  });

  it("follow the settings", () => {
    const objectives = { successPercent: 99, withinSeconds: 5, withinPercent: 95 };
    const { template: other } = synthesize({ objectives });
    expect(rowOf(other, "SuccessBurn1h")?.when).toBe("> 14.4 in 1 of 1 × 3600 s");
    expect(rowOf(other, "LateBurn5m")?.when).toBe("> 72 in 1 of 1 × 300 s");
    other.hasResourceProperties("AWS::CloudWatch::Alarm", {
      Metrics: Match.arrayWith([counted(METRICS.commitToConfirmed, WORKER_SERVICE, "PR(:5000)")]),
    });
  });
});

describe("the alarms of dead letters", () => {
  it("are raised by one in the queue, and again by each new wave of them", () => {
    const Dimensions = ofQueue("QueuesDeadLetters");
    alarm({ MetricName: "ApproximateNumberOfMessagesVisible", Dimensions, Threshold: 0, EvaluationPeriods: 1 });
    alarm({ MetricName: "NumberOfMessagesSent", Dimensions, Statistic: "Sum", Period: 300, Threshold: 0 });
  });

  it("are there for each program that sends any", () => {
    const ofStandard = (Object.keys(PROGRAMS) as ProgramName[]).filter(
      (program) => !["confirmationTransactions", "emptyBuckets", "publishEvents", "receiveReceipts"].includes(program),
    );
    const senders = ofStandard.filter((program) => {
      const its = OF_THE_API.has(program) ? withApi : programs;
      return its
        .permissionsOf(program)
        .some(
          ({ action, resource }) => action === "sqs:SendMessage" && its.nameOf(resource) === DEAD_LETTER_QUEUE_NAME,
        );
    });
    expect(senders).toContain("confirmationWorker");
    for (const program of senders) {
      const Dimensions = ofService(PROGRAMS[program].folder);
      for (const MetricName of [METRICS.deadLetteredPipeline, METRICS.setAside])
        alarm({ Namespace: METRICS_NAMESPACE, MetricName, Dimensions, Statistic: "Sum" });
    }
  });

  it("are raised by merchants' only from a share on, and a handful is none", () => {
    alarm({
      Metrics: Match.arrayWith([
        counted(METRICS.deadLetteredMerchant, WORKER_SERVICE),
        counted(METRICS.confirmed, WORKER_SERVICE),
      ]),
      Threshold: 1,
    });
  });
});

describe("what is acknowledged", () => {
  it.each([METRICS.deadLetteredPipeline, METRICS.deadLetteredMerchant])(
    "is confirmed too where %s is a share",
    (metric) => {
      const acknowledged = counted(METRICS.acknowledged, FUNCTION_NAMES.receiveAcknowledgements);
      alarm({ Metrics: Match.arrayWith([counted(metric, WORKER_SERVICE), acknowledged]) });
    },
  );

  it("is nothing until some of it comes", () => {
    const expressions = rows.flatMap(({ of }) => (of.includes("acknowledged") ? [of] : []));
    expect(expressions).toHaveLength(6);
    for (const of of expressions) expect(of).toContain("confirmed + FILL(acknowledged, 0)), 0)");
  });
});

describe("the alarms of lateness", () => {
  it("are raised by a message that waits five minutes longer than attempts and waits in the queue explain", () => {
    const inQueueSeconds = 3 * 30 + 4 * 10;
    expect(longestStayInQueueSeconds(parseSettings({}))).toBe(inQueueSeconds);
    alarm({
      MetricName: "ApproximateAgeOfOldestMessage",
      Dimensions: ofQueue("QueuesConfirmations"),
      Threshold: inQueueSeconds + 300,
    });
  });

  it("are raised for each queue that may be read no more, and for the ordered one by its age and backlog too", () => {
    for (const queue of ["QueuesConfirmations", "QueuesOrdered"])
      alarm({ MetricName: "ApproximateNumberOfMessagesNotVisible", Dimensions: ofQueue(queue), Statistic: "Maximum" });
    const Dimensions = ofQueue("QueuesOrdered");
    alarm({ MetricName: "ApproximateAgeOfOldestMessage", Dimensions, Threshold: 345_600 + 7200 });
    alarm({ MetricName: "ApproximateNumberOfMessagesVisible", Dimensions, Threshold: 60_000 });
  });

  it("are raised when ordered messages wait and nobody asks for any, full or empty", () => {
    alarm({
      Metrics: Match.arrayWith([
        term("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum"),
        term("AWS/SQS", "NumberOfMessagesReceived", "Sum"),
        term("AWS/SQS", "NumberOfEmptyReceives", "Sum"),
      ]),
      Threshold: 0,
    });
  });

  it("are raised by a stream that is read late, and by a release-due that does not end well", () => {
    const Dimensions = (name: string) => [{ Name: "FunctionName", Value: name }];
    alarm({ MetricName: "IteratorAge", Dimensions: Dimensions("stream-transactions"), Statistic: "Maximum" });
    alarm({
      Metrics: Match.arrayWith([
        term("AWS/Lambda", "Invocations", "Sum", Dimensions("release-due")),
        term("AWS/Lambda", "Errors", "Sum", Dimensions("release-due")),
      ]),
      TreatMissingData: "breaching",
    });
  });
});

describe("the alarms of limits", () => {
  it("are there for every table and index that is written or read for each confirmation", () => {
    const throttled = [...alarms.values()]
      .filter(({ Namespace }) => Namespace === "AWS/DynamoDB")
      .map(({ MetricName, Dimensions }) =>
        [MetricName, ...Dimensions.map(({ Value }: { Value: string }) => Value)].join(" "),
      );
    expect(throttled.toSorted()).toStrictEqual([
      "ReadThrottleEvents MerchantGates",
      "ReadThrottleEvents Merchants",
      "ReadThrottleEvents Transactions",
      "ReadThrottleEvents due Transactions",
      "WriteThrottleEvents MerchantGates",
      "WriteThrottleEvents Transactions",
      "WriteThrottleEvents due Transactions",
      "WriteThrottleEvents merchant Transactions",
    ]);
  });

  it("are there for every function that something waits for", () => {
    for (const name of functionsOf("fargate")
      .map((key) => FUNCTION_NAMES[key])
      .filter((one) => one !== "insert-fake-transactions")) {
      const Dimensions = [{ Name: "FunctionName", Value: name }];
      for (const MetricName of ["Errors", "Throttles"]) alarm({ Namespace: "AWS/Lambda", MetricName, Dimensions });
    }
  });

  it("are there for each NAT gateway", () => {
    const gateways = Object.keys(template.findResources("AWS::EC2::NatGateway"));
    expect(gateways).toHaveLength(2);
    for (const Ref of gateways)
      alarm({ MetricName: "ErrorPortAllocation", Dimensions: [{ Name: "NatGatewayId", Value: { Ref } }] });
  });

  it("say that scaling is at its end at the settings' maximum, and nothing of a service of fixed size", () => {
    const { template: larger } = synthesize({ worker: { minTasks: 2, maxTasks: 40 } });
    expect(rowOf(larger, "ScaledToMax")?.when).toBe(">= 40 in 15 of 15 × 60 s");
    expect(rowOf(synthesize({ worker: { minTasks: 2, maxTasks: 2 } }).template, "ScaledToMax")).toBeUndefined();
  });
});

describe("the alarms of workers", () => {
  it("are raised by one that reaches nobody", () => {
    const Dimensions = ofService(WORKER_SERVICE);
    alarm({ MetricName: METRICS.egressFault, Dimensions, Statistic: "Maximum", Threshold: 0 });
  });

  it("are raised by more starts than there are tasks, and by tasks that are not there", () => {
    const tasks = (metric: string, stat: string) =>
      term("ECS/ContainerInsights", metric, stat, [
        { Name: "ClusterName", Value: Match.anyValue() },
        { Name: "ServiceName", Value: Match.anyValue() },
      ]);
    const starts = counted(METRICS.workerStarted, WORKER_SERVICE);
    const { template: insightful } = synthesize({ insights: { containers: true } });
    const insightfulAlarm = (properties: object) =>
      insightful.hasResourceProperties("AWS::CloudWatch::Alarm", properties);
    insightfulAlarm({ Metrics: Match.arrayWith([starts, tasks("RunningTaskCount", "Maximum")]) });
    insightfulAlarm({
      Metrics: Match.arrayWith([tasks("DesiredTaskCount", "Average"), tasks("RunningTaskCount", "Average")]),
    });
  });

  it("count tasks by their samples where Container Insights is off, and miss those of the least that is wanted", () => {
    const samples = term("AWS/ECS", "MemoryUtilization", "SampleCount", [
      { Name: "ClusterName", Value: Match.anyValue() },
      { Name: "ServiceName", Value: Match.anyValue() },
    ]);
    const math = (Expression: string) => Match.objectLike({ Expression });
    alarm({ Metrics: Match.arrayWith([math("starts - tasks / 15"), samples]) });
    alarm({ Metrics: Match.arrayWith([math("2 - FILL(running, 0)"), samples]) });
    alarm({ MetricName: "MemoryUtilization", Statistic: "SampleCount", Threshold: 40, EvaluationPeriods: 15 });
  });
});

describe("the alarms of the audit", () => {
  it("are raised by one lost transaction, and stay until an audit says that there is none", () => {
    const Dimensions = ofService("audit-transactions");
    alarm({ MetricName: "Lost", Dimensions, Statistic: "Maximum", Threshold: 0, TreatMissingData: "ignore" });
  });

  it("are raised when three audits in a row have not said whether something is lost", () => {
    expect(rowOf(synthesize({ audit: { everyHours: 24 } }).template, "AuditSilent")?.when).toBe(
      "< 1 in 72 of 72 × 3600 s",
    );
  });
});
