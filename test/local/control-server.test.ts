import { join } from "node:path";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type ControlServer, NOTHING_KNOWN, startControlServer } from "../../local/control/control-server.ts";
import type { OperatorsView } from "../../local/control/operators-view.ts";
import { keepSecrets, valueFrom } from "../../local/control/secrets.ts";
import { CREDENTIALS, REGION } from "../../local/machine.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const arn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:Keys";
const generated = {
  logicalId: "Keys",
  type: "AWS::SecretsManager::Secret",
  arn,
  properties: {
    GenerateSecretString: {
      SecretStringTemplate: '{"a":"b"}',
      GenerateStringKey: "1",
      PasswordLength: 64,
      ExcludePunctuation: true,
    },
  },
};
const file = join(temporaryDirectory(), "secrets.json");

/** Of one metric, in the last two periods that are asked for. */
const counted: OperatorsView["counted"] = ({ name, dimensions }, { periods }) =>
  name === "CampaignSent" && dimensions["campaign"] === "reminder"
    ? [...Array.from({ length: periods - 2 }, () => undefined), 2, 3]
    : Array.from({ length: periods }, () => undefined);

let server: ControlServer;

beforeAll(async () => {
  server = await startControlServer({
    port: 0,
    secrets: () => ({ [arn]: "hush" }),
    kmsKeys: () => [],
    queueAge: (queueName) => Promise.resolve(queueName === "q.fifo" ? 42 : undefined),
    operators: { ...NOTHING_KNOWN, counted },
    invoke: (name, event) => (name === "echo" ? Promise.resolve({ event }) : Promise.reject(new TypeError("no"))),
  });
});

afterAll(() => server.stop());

function client<T>(Client: new (config: object) => T): T {
  return new Client({ endpoint: server.endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
}

async function ages(...queueNames: string[]): Promise<unknown> {
  const queries = queueNames.map((queueName, index) => ({
    Id: `q${index}`,
    MetricStat: {
      Period: 60,
      Stat: "Maximum",
      Metric: {
        Namespace: "AWS/SQS",
        MetricName: "ApproximateAgeOfOldestMessage",
        Dimensions: [{ Name: "QueueName", Value: queueName }],
      },
    },
  }));
  const response = await client(CloudWatchClient).send(
    new GetMetricDataCommand({ StartTime: new Date(0), EndTime: new Date(), MetricDataQueries: queries }),
  );
  return response.MetricDataResults?.map(({ Id, Values }) => [Id, Values]);
}

function invoke(name: string): Promise<Response> {
  return fetch(`${server.endpoint}/2015-03-31/functions/${name}/invocations`, { method: "POST", body: '{"a":1}' });
}

describe("the small services, asked by the SDK", () => {
  it("CloudWatch tells the age of a queue's oldest message, and nothing of a queue that is not there", async () => {
    expect(await ages("q.fifo", "other")).toEqual([
      ["q0", [42]],
      ["q1", []],
    ]);
  });

  it("CloudWatch tells what programs have counted, by period, as far back as this machine keeps it", async () => {
    const minute = Math.floor(Date.now() / 60_000) * 60_000;
    const query = (Id: string, MetricName: string) => ({
      Id,
      MetricStat: {
        Period: 60,
        Stat: "Sum",
        Metric: {
          Namespace: "acme-ConfirmationPipeline",
          MetricName,
          Dimensions: [
            { Name: "campaign", Value: "reminder" },
            { Name: "channel", Value: "webhook" },
          ],
        },
      },
    });
    const { MetricDataResults } = await client(CloudWatchClient).send(
      new GetMetricDataCommand({
        StartTime: new Date(minute - 86_400_000),
        EndTime: new Date(minute),
        ScanBy: "TimestampAscending",
        MetricDataQueries: [query("sent", "CampaignSent"), query("none", "CampaignFailed")],
      }),
    );
    expect(MetricDataResults?.map(({ Id, Timestamps, Values }) => [Id, Timestamps, Values])).toEqual([
      ["sent", [new Date(minute - 120_000), new Date(minute - 60_000)], [2, 3]],
      ["none", [], []],
    ]);
  });

  it("Secrets Manager gives a secret by ARN and by name", async () => {
    const secrets = client(SecretsManagerClient);
    expect((await secrets.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString).toBe("hush");
    expect((await secrets.send(new GetSecretValueCommand({ SecretId: "Keys" }))).ARN).toBe(arn);
  });

  it("Secrets Manager says that a secret is not there", async () => {
    await expect(
      client(SecretsManagerClient).send(new GetSecretValueCommand({ SecretId: "other" })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("Lambda invokes a function, and hands on its error", async () => {
    expect(await (await invoke("echo")).json()).toEqual({ event: { a: 1 } });
    const failed = await invoke("other");
    expect([failed.headers.get("x-amz-function-error"), await failed.json()]).toEqual([
      "Unhandled",
      { errorType: "TypeError", errorMessage: "no" },
    ]);
  });

  it("an operation that is not known is refused by name", async () => {
    const refused = await fetch(server.endpoint, {
      method: "POST",
      headers: { "x-amz-target": "Thing.DoIt" },
      body: "{}",
    });
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { message: expect.stringContaining("Thing.DoIt") },
    ]);
  });
});

describe("secrets of the template", () => {
  it("are generated once, as the template asks, and kept", () => {
    const first = keepSecrets(file, [generated]);
    expect(JSON.parse(first[arn] ?? "")).toEqual({ a: "b", 1: expect.stringMatching(/^[A-Za-z0-9]{64}$/) });
    expect(keepSecrets(file, [generated])).toEqual(first);
  });

  it("are found by what a task definition names", () => {
    const secrets = { [arn]: '{"key":"value"}' };
    expect(valueFrom(secrets, arn)).toBe('{"key":"value"}');
    expect(valueFrom(secrets, `${arn}:key::`)).toBe("value");
    expect(valueFrom(secrets, `${arn}:other::`)).toBeUndefined();
    expect(valueFrom(secrets, "arn:other")).toBeUndefined();
  });
});
