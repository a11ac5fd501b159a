import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { readCampaigns } from "../../../core/aws/read-campaigns.ts";

const cloudwatch = mockClient(CloudWatchClient);
const client = new CloudWatchClient({ region: "eu-central-1" });
const [FIRST, SECOND] = ["2026-11-22T10:00:00Z", "2026-11-22T10:15:00Z"].map((text) => new Date(text)) as [Date, Date];
const RANGE = { fromMs: FIRST.getTime(), toMs: SECOND.getTime() + 900_000, periodSeconds: 900 };
const read = (labels: readonly string[], channels: readonly string[] = ["webhook"]) =>
  readCampaigns(client, "acme-ConfirmationPipeline", labels, channels, RANGE);
const inputs = () => cloudwatch.commandCalls(GetMetricDataCommand).map(({ args }) => args[0].input);

beforeEach(() => {
  cloudwatch.reset();
});

describe("what was counted of labels", () => {
  it("is asked for by label, channel and step, as sums of each period", async () => {
    cloudwatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [] });
    await read(["reminder"]);
    const [input] = inputs();
    expect(input).toMatchObject({ StartTime: FIRST, EndTime: new Date(RANGE.toMs) });
    expect(input?.MetricDataQueries?.map(({ MetricStat }) => MetricStat?.Metric?.MetricName)).toEqual([
      "CampaignSent",
      "CampaignDelivered",
      "CampaignFailed",
      "CampaignAcknowledged",
    ]);
    expect(input?.MetricDataQueries?.[0]?.MetricStat).toEqual({
      Metric: {
        Namespace: "acme-ConfirmationPipeline",
        MetricName: "CampaignSent",
        Dimensions: [
          { Name: "campaign", Value: "reminder" },
          { Name: "channel", Value: "webhook" },
        ],
      },
      Period: 900,
      Stat: "Sum",
    });
  });

  it("is put together from all pages", async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolvesOnce({ MetricDataResults: [{ Id: "q0", Timestamps: [FIRST], Values: [2] }], NextToken: "more" })
      .resolvesOnce({ MetricDataResults: [{ Id: "q0", Timestamps: [SECOND], Values: [5] }] });
    const [sent, delivered] = await read(["reminder"]);
    expect(inputs().map(({ NextToken }) => NextToken)).toEqual([undefined, "more"]);
    expect(sent).toMatchObject({ label: "reminder", channel: "webhook", step: "sent" });
    expect([...(sent?.counts ?? [])]).toEqual([
      [FIRST.getTime(), 2],
      [SECOND.getTime(), 5],
    ]);
    expect(delivered?.counts.size).toBe(0);
  });

  it("is asked for in calls of 500 series at most, each of which finds its own", async () => {
    cloudwatch.on(GetMetricDataCommand).callsFake(({ MetricDataQueries }) => ({
      MetricDataResults: [{ Id: MetricDataQueries.at(-1).Id, Timestamps: [FIRST], Values: [1] }],
    }));
    const labels = Array.from({ length: 21 }, (_, index) => `label-${index}`);
    const series = await read(labels, ["webhook", "email", "sms", "whatsapp", "sqs", "sns", "eventbridge"]);
    expect(inputs().map(({ MetricDataQueries = [] }) => MetricDataQueries.length)).toEqual([500, 88]);
    expect(series.flatMap(({ counts }, index) => (counts.size > 0 ? [index] : []))).toEqual([499, 587]);
  });
});
