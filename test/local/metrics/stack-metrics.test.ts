import { describe, expect, it } from "@jest/globals";
import { Contributors } from "../../../local/metrics/contributors.ts";
import { MetricStore } from "../../../local/metrics/metric-store.ts";
import { isCountedHere, StackMetrics, type StackMetricsOptions } from "../../../local/metrics/stack-metrics.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const traffic = {
  NumberOfMessagesSent: 0,
  NumberOfMessagesReceived: 0,
  NumberOfEmptyReceives: 0,
  NumberOfMessagesDeleted: 0,
};

function collect(sqs: Partial<StackMetricsOptions["sqs"]> = {}) {
  const now = () => NOW;
  const store = new MetricStore(now);
  const metrics = new StackMetrics({
    store,
    contributors: new Contributors([], now),
    sqs: {
      counts: () => Promise.resolve({ waiting: 7, inFlight: 2 }),
      oldestAgeSeconds: () => Promise.resolve(12),
      traffic: () => Promise.resolve(traffic),
      ...sqs,
    },
    queueNames: ["q.fifo"],
    service: { ClusterName: "c", ServiceName: "s" },
    now,
  });
  const read = (namespace: string, name: string, dimensions: Readonly<Record<string, string>>, statistic = "Sum") =>
    store.read({ namespace, name, dimensions, statistic }, { endMs: NOW + 5000, periodSeconds: 60, periods: 1 })[0];
  return { metrics, read };
}

describe("what is collected of the stack on one machine", () => {
  it("has the metrics that programs print, and the bytes of all that they print", () => {
    const { metrics, read } = collect();
    const line = JSON.stringify({
      _aws: { CloudWatchMetrics: [{ Namespace: "N", Dimensions: [["service"]], Metrics: [{ Name: "M" }] }] },
      service: "s",
      M: 4,
    });
    metrics.line("/group", line);
    metrics.line("/group", "plain é");
    expect(read("N", "M", { service: "s" })).toBe(4);
    expect(read("AWS/Logs", "IncomingBytes", { LogGroupName: "/group" })).toBe(line.length + 1 + 9);
  });

  it("has invocations with their duration, errors, and the age of the stream's records", () => {
    const { metrics, read } = collect();
    const event = { Records: [{ dynamodb: { ApproximateCreationDateTime: NOW / 1000 - 3 } }] };
    metrics.invocation({ functionName: "f", event, tookMs: 20, failed: false });
    metrics.invocation({ functionName: "f", event: {}, tookMs: 30, failed: true });
    const of = (name: string) => read("AWS/Lambda", name, { FunctionName: "f" });
    expect([of("Invocations"), of("Errors"), of("Duration"), of("IteratorAge")]).toEqual([2, 1, 50, 3000]);
  });

  it("has the depth of queues, and what came and went since the last look", async () => {
    let sent = 3;
    const { metrics, read } = collect({ traffic: () => Promise.resolve({ ...traffic, NumberOfMessagesSent: sent }) });
    await metrics.look();
    sent = 5;
    await metrics.look();
    const of = (name: string, statistic?: string) => read("AWS/SQS", name, { QueueName: "q.fifo" }, statistic);
    expect(of("ApproximateNumberOfMessagesVisible", "Maximum")).toBe(7);
    expect(of("ApproximateNumberOfMessagesNotVisible", "Maximum")).toBe(2);
    expect(of("ApproximateAgeOfOldestMessage", "Maximum")).toBe(12);
    expect(of("NumberOfMessagesSent")).toBe(5);
    expect(read("ECS/ContainerInsights", "RunningTaskCount", { ClusterName: "c", ServiceName: "s" }, "Maximum")).toBe(
      0,
    );
  });

  it.each([
    ["ConfirmationPipeline", "Confirmed", true],
    ["AWS/SQS", "ApproximateAgeOfOldestMessage", true],
    ["AWS/Lambda", "Throttles", false],
    ["AWS/NATGateway", "ErrorPortAllocation", false],
  ])("knows whether it measures %s %s", (namespace, name, measured) => {
    expect(isCountedHere({ namespace, name, dimensions: {}, statistic: "Sum" })).toBe(measured);
  });
});
