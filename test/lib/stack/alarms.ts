import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import {
  DEAD_LETTER_QUEUE_NAME,
  FUNCTION_NAMES,
  METRICS,
  METRICS_NAMESPACE,
  WORKER_SERVICE,
} from "../../../core/names.ts";
import { parseSettings } from "../../../core/settings.ts";
import { longestStayInQueueSeconds } from "../../../lib/alarms.ts";
import { PROGRAMS, type ProgramName } from "../../../lib/bundle.ts";
import { runbookAddress } from "../../../lib/runbook.ts";
import { synthesize } from "../synthesized-stack.ts";
import { TemplatePrograms } from "../template-programs.ts";

const { template } = synthesize();
const programs = new TemplatePrograms(template);
const alarm = (properties: object) => template.hasResourceProperties("AWS::CloudWatch::Alarm", properties);
const alarms = Object.values(template.findResources("AWS::CloudWatch::Alarm")).map(({ Properties }) => Properties);
const topic = { Ref: Match.stringLikeRegexp("^AlarmsTopic") };
const tickets = { Ref: Match.stringLikeRegexp("^AlarmsTickets") };
/** A term of an expression: what a program counts under a name. */
const counted = (metric: string, service: string) =>
  Match.objectLike({
    MetricStat: {
      Metric: {
        Namespace: METRICS_NAMESPACE,
        MetricName: metric,
        Dimensions: [{ Name: "service", Value: service }],
      },
      Stat: "Sum",
      Period: Match.anyValue(),
    },
    ReturnData: false,
  });

describe("the alarms", () => {
  it("are raised by one dead letter", () => {
    alarm({
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [
        { Name: "QueueName", Value: { "Fn::GetAtt": [Match.stringLikeRegexp("^QueuesDeadLetters"), "QueueName"] } },
      ],
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      EvaluationPeriods: 1,
    });
  });

  it("are raised again by each new wave of dead letters, whatever was there before", () => {
    alarm({
      MetricName: "NumberOfMessagesSent",
      Dimensions: [
        { Name: "QueueName", Value: { "Fn::GetAtt": [Match.stringLikeRegexp("^QueuesDeadLetters"), "QueueName"] } },
      ],
      Statistic: "Sum",
      Period: 300,
      Threshold: 0,
      EvaluationPeriods: 1,
      TreatMissingData: "notBreaching",
    });
  });

  it("name the runbook's path in the repository, or its full URL where a setting gives one", () => {
    const runbookUrl = "https://wiki.example/runbook";
    const descriptions = ({ template: of }: { template: typeof template }): string[] =>
      Object.values(of.findResources("AWS::CloudWatch::Alarm")).map(({ Properties }) => Properties.AlarmDescription);
    expect(descriptions({ template })).toContainEqual(
      expect.stringMatching(/Runbook: docs\/runbook\.md#confirmations-are-late$/),
    );
    expect(descriptions(synthesize({ alarms: { runbookUrl } }))).toContainEqual(
      expect.stringMatching(/Runbook: https:\/\/wiki\.example\/runbook#confirmations-are-late$/),
    );
  });

  it("are raised by a message that waits five minutes longer than tries and waits in the queue explain", () => {
    const inQueueSeconds = 3 * 30 + 4 * 10;
    expect(longestStayInQueueSeconds(parseSettings({}))).toBe(inQueueSeconds);
    alarm({
      MetricName: "ApproximateAgeOfOldestMessage",
      Dimensions: [
        { Name: "QueueName", Value: { "Fn::GetAtt": [Match.stringLikeRegexp("^QueuesConfirmations"), "QueueName"] } },
      ],
      Threshold: inQueueSeconds + 300,
    });
  });

  const ofOrdered = [
    { Name: "QueueName", Value: { "Fn::GetAtt": [Match.stringLikeRegexp("^QueuesOrdered"), "QueueName"] } },
  ];

  it("are raised by an ordered message that is older than the time to give it up", () => {
    alarm({ MetricName: "ApproximateAgeOfOldestMessage", Dimensions: ofOrdered, Threshold: 345_600 + 7200 });
  });

  it("are raised when half as many ordered messages are held back as SQS looks through", () => {
    alarm({ MetricName: "ApproximateNumberOfMessagesVisible", Dimensions: ofOrdered, Threshold: 60_000 });
  });

  it("are raised when ordered messages wait and nobody asks for any, full or empty", () => {
    const metric = (MetricName: string) =>
      Match.objectLike({ MetricStat: Match.objectLike({ Metric: Match.objectLike({ MetricName }) }) });
    alarm({
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: "IF(waiting > 0 AND (FILL(received, 0) + FILL(empty, 0)) < 1, 1, 0)" }),
        metric("ApproximateNumberOfMessagesVisible"),
        metric("NumberOfMessagesReceived"),
        metric("NumberOfEmptyReceives"),
      ]),
      Threshold: 0,
      EvaluationPeriods: 5,
    });
  });

  it("are raised by a worker that reaches nobody", () => {
    alarm({
      Namespace: METRICS_NAMESPACE,
      MetricName: METRICS.egressFault,
      Dimensions: [{ Name: "service", Value: WORKER_SERVICE }],
      Statistic: "Maximum",
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      EvaluationPeriods: 1,
      TreatMissingData: "notBreaching",
    });
  });

  it("are raised by one dead letter of the pipeline's own, whichever program sent it", () => {
    const senders = (Object.keys(PROGRAMS) as ProgramName[]).filter((program) =>
      programs
        .permissionsOf(program)
        .some(
          ({ action, resource }) =>
            action === "sqs:SendMessage" && programs.nameOf(resource) === DEAD_LETTER_QUEUE_NAME,
        ),
    );
    expect(senders).toContain("confirmationWorker");
    for (const program of senders) {
      alarm({
        Namespace: METRICS_NAMESPACE,
        MetricName: METRICS.deadLetteredPipeline,
        Dimensions: [
          { Name: "service", Value: program === "confirmationWorker" ? WORKER_SERVICE : FUNCTION_NAMES[program] },
        ],
        Statistic: "Sum",
        Threshold: 0,
        EvaluationPeriods: 1,
        TreatMissingData: "notBreaching",
        AlarmActions: [topic],
      });
    }
  });

  it("are raised by merchants' dead letters only from a share on, and a handful is none", () => {
    alarm({
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: "IF(given >= 10, 100 * given / (given + confirmed), 0)" }),
        counted(METRICS.deadLetteredMerchant, WORKER_SERVICE),
        counted(METRICS.confirmed, WORKER_SERVICE),
      ]),
      Threshold: 1,
      AlarmActions: [tickets],
    });
  });

  it("wake somebody only for what is ours or keeps everybody waiting, and tell of the rest in tickets", () => {
    const toldTo = (logicalId: string) =>
      alarms
        .filter(({ AlarmActions }) => AlarmActions[0].Ref.startsWith(logicalId))
        .map(({ AlarmDescription }): string => /#(\S+)$/.exec(AlarmDescription)?.[1] ?? "");
    expect(toldTo("AlarmsTickets").toSorted()).toStrictEqual([
      "confirmations-were-given-up",
      "merchants-lose-many-confirmations",
      "more-confirmations-were-given-up",
    ]);
    expect([...new Set(toldTo("AlarmsTopic"))].toSorted()).toStrictEqual([
      "confirmations-are-late",
      "nobody-reads-the-ordered-queue",
      "ordered-confirmations-are-too-old",
      "ordered-confirmations-pile-up",
      "our-own-network-is-at-fault",
      "the-audit-is-behind",
      "the-pipeline-gave-up-confirmations",
      "transactions-are-lost",
    ]);
  });

  it("tell the same topic when all is well again", () => {
    for (const { AlarmActions, OKActions } of alarms) expect(OKActions).toStrictEqual(AlarmActions);
  });

  it("are raised by one lost transaction, and stay until an audit says that there is none", () => {
    alarm({
      Namespace: "ConfirmationPipeline",
      MetricName: "Lost",
      Dimensions: [{ Name: "service", Value: "audit-transactions" }],
      Statistic: "Maximum",
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "ignore",
    });
  });

  it("are raised when three audits in a row have not said whether something is lost", () => {
    const silent = { MetricName: "Lost", Statistic: "SampleCount", Threshold: 1, Period: 3600 };
    const missing = { ComparisonOperator: "LessThanThreshold", TreatMissingData: "breaching" };
    alarm({ ...silent, ...missing, EvaluationPeriods: 3 });
    synthesize({ audit: { everyHours: 24 } }).template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      ...silent,
      EvaluationPeriods: 72,
    });
  });

  it("have each a heading in the runbook, and the runbook has no other", () => {
    const headings = [
      ...readFileSync(new URL("../../../docs/runbook.md", import.meta.url), "utf8").matchAll(/^## (.+)$/gm),
    ].map(([, heading = ""]) => heading);
    const named: string[] = alarms.map(({ AlarmDescription }) => /Runbook: (\S+)$/.exec(AlarmDescription)?.[1] ?? "");
    const addresses = headings.map((heading) => runbookAddress(heading));
    expect([...new Set(named)].toSorted()).toStrictEqual(addresses.toSorted());
  });
});

describe("each alarm topic", () => {
  it("is encrypted with a key that CloudWatch may use without condition, or alarms would be dropped in silence", () => {
    template.allResourcesProperties("AWS::SNS::Topic", {
      KmsMasterKeyId: { "Fn::GetAtt": [Match.stringLikeRegexp("^KeysOperations"), "Arn"] },
    });
    const admitted = {
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Resource: "*",
      Condition: Match.absent(),
    };
    template.hasResourceProperties("AWS::KMS::Key", {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike(admitted)]) },
    });
  });

  it("lets alarms of this account publish, and only with TLS", () => {
    const admitted = {
      Effect: "Allow",
      Action: "sns:Publish",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": Match.anyValue() } },
    };
    const refused = { Effect: "Deny", Action: "sns:Publish", Condition: { Bool: { "aws:SecureTransport": "false" } } };
    template.resourceCountIs("AWS::SNS::TopicPolicy", 2);
    template.allResourcesProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(refused), Match.objectLike(admitted)]) },
    });
  });
});
