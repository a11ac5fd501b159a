import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { synthesize } from "../synthesized-stack.ts";
import { alarmRows } from "../alarms/alarm-rows.ts";

const WITH_EVENTS = { events: { enabled: true } } as const;

describe("events", () => {
  it("are not there unless they are asked for: no topic, no reader, and no stream of merchants' health", () => {
    for (const settings of [{}, { delivery: { mode: "lambda" } }] as const) {
      const { template } = synthesize(settings);
      expect(JSON.stringify(template.toJSON())).not.toMatch(/confirmation-events|publish-events/);
      template.hasResourceProperties("AWS::DynamoDB::Table", {
        TableName: "MerchantGates",
        StreamSpecification: Match.absent(),
      });
    }
  });

  it.each([
    ["in the standard mode", {}],
    ["in small-account mode", { delivery: { mode: "lambda" } }],
  ] as const)("are published from both streams until they are through, %s", (_, mode) => {
    const { template } = synthesize({ ...WITH_EVENTS, ...mode });
    const mappings = Object.values(
      template.findResources("AWS::Lambda::EventSourceMapping", {
        Properties: { FunctionName: { Ref: Match.stringLikeRegexp("^EventsFunction") } },
      }),
    ).map(({ Properties }) => Properties);
    expect(mappings).toHaveLength(2);
    for (const mapping of mappings)
      expect(mapping).toMatchObject({
        StartingPosition: "TRIM_HORIZON",
        MaximumRetryAttempts: -1,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        DestinationConfig: { OnFailure: { Destination: expect.anything() } },
      });
    const absent = (type: string) => ({ [type]: [{ exists: false }] });
    const image = {
      ...Object.fromEntries(
        ["rateSlot", "version", "leaseUntil", "signAt", "triedAt", "faultyUntil", "spentMicros"].map((name) => [
          name,
          absent("N"),
        ]),
      ),
      claims: absent("S"),
    };
    const patterns = mappings.map(({ FilterCriteria }) => FilterCriteria?.Filters[0].Pattern as string | undefined);
    expect(patterns.filter((pattern) => pattern !== undefined).map((pattern) => JSON.parse(pattern))).toEqual([
      { dynamodb: { NewImage: image, OldImage: image } },
    ]);
  });

  it("go to a topic that is encrypted with the key of the data, and takes nothing without TLS", () => {
    const { template } = synthesize(WITH_EVENTS);
    template.hasResourceProperties("AWS::SNS::Topic", {
      TopicName: "confirmation-events",
      KmsMasterKeyId: { "Fn::GetAtt": [Match.stringLikeRegexp("^KeysData"), "Arn"] },
    });
    template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      Topics: [{ Ref: Match.stringLikeRegexp("^EventsTopic") }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        ]),
      },
    });
    template.hasOutput("EventsTopicArn", {});
  });

  it("are two readers of the table's stream, as many as DynamoDB lets", () => {
    const { template } = synthesize(WITH_EVENTS);
    const sources = Object.values(template.findResources("AWS::Lambda::EventSourceMapping")).map(({ Properties }) =>
      JSON.stringify(Properties.EventSourceArn),
    );
    expect(sources.filter((source) => /"Transactions\w+","StreamArn"/.test(source))).toHaveLength(2);
  });

  it("have alarms that ask somebody to look, and wake nobody", () => {
    const rows = alarmRows(synthesize(WITH_EVENTS).template);
    expect(rows.filter(({ id }) => id.startsWith("Events")).map(({ id, told }) => `${id} ${told}`)).toEqual([
      "EventsBehind ticket",
      "EventsRefused ticket",
    ]);
  });
});
