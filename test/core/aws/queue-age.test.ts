import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { oldestMessageAgeSeconds } from "../../../core/aws/queue-age.ts";
import { streamLagMs } from "../../../core/aws/stream-lag.ts";
import { START_MS } from "../../support/fake-clock.ts";

const cloudwatch = mockClient(CloudWatchClient);
const client = new CloudWatchClient({ region: "eu-central-1" });
const age = (): Promise<number> =>
  oldestMessageAgeSeconds(client, "https://sqs.eu-central-1.amazonaws.com/1/confirmations.fifo", START_MS);

beforeEach(() => {
  cloudwatch.reset();
});

describe("the age of a queue's oldest message", () => {
  it("is the newest value of the last minutes", async () => {
    cloudwatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Id: "age", Values: [12, 700] }] });
    expect(await age()).toBe(12);
    const { input } = cloudwatch.commandCalls(GetMetricDataCommand)[0]?.args[0] ?? {};
    expect(input?.ScanBy).toBe("TimestampDescending");
    expect(input?.MetricDataQueries?.[0]?.MetricStat).toEqual({
      Metric: {
        Namespace: "AWS/SQS",
        MetricName: "ApproximateAgeOfOldestMessage",
        Dimensions: [{ Name: "QueueName", Value: "confirmations.fifo" }],
      },
      Period: 60,
      Stat: "Maximum",
    });
    expect(input?.StartTime?.getTime()).toBeLessThan(START_MS);
    expect(input?.EndTime?.getTime()).toBeGreaterThan(START_MS);
  });

  it.each([[{}], [{ MetricDataResults: [] }], [{ MetricDataResults: [{ Id: "age", Values: [] }] }]])(
    "is 0 for a queue that published nothing: %j",
    async (output) => {
      cloudwatch.on(GetMetricDataCommand).resolves(output);
      expect(await age()).toBe(0);
    },
  );

  it("is unknown when CloudWatch cannot be asked", async () => {
    cloudwatch.on(GetMetricDataCommand).rejects(new Error("throttled"));
    await expect(age()).rejects.toThrow("throttled");
  });
});

describe("the lag of a stream", () => {
  it("is the age of what its function was handed last, 0 while it is handed nothing", async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolvesOnce({ MetricDataResults: [{ Id: "lag", Values: [1500, 3] }] })
      .resolves({ MetricDataResults: [{ Id: "lag", Values: [] }] });
    const lag = () => streamLagMs(client, "stream-transactions", START_MS);
    expect([await lag(), await lag()]).toEqual([1500, 0]);
    const { input } = cloudwatch.commandCalls(GetMetricDataCommand)[0]?.args[0] ?? {};
    expect(input?.MetricDataQueries?.[0]?.MetricStat?.Metric).toEqual({
      Namespace: "AWS/Lambda",
      MetricName: "IteratorAge",
      Dimensions: [{ Name: "FunctionName", Value: "stream-transactions" }],
    });
  });
});
