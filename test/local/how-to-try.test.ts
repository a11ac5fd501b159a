import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { encodeDeadLetter } from "../../core/transaction/message.ts";
import { failure } from "../../core/transaction/failure.ts";
import { parseSettings } from "../../core/settings/settings.ts";
import { LOCAL_SETTINGS } from "../../local/local-settings.ts";
import { describeStack } from "../../local/how-to-try.ts";
import type { LocalStack } from "../../local/local-stack.ts";
import { usablePort } from "../../local/processes/ports.ts";
import { createQueues } from "../../local/sqs/create-queues.ts";
import { type LocalSqs, startSqs } from "../../local/sqs/start-sqs.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const NOWHERE = "http://127.0.0.1:1";
const logDirectory = temporaryDirectory();
const register = { note: () => undefined, forget: () => undefined, stopping: () => undefined, close: () => undefined };
let server: LocalSqs;
let sqs: SQSClient;
let printed: string;

beforeAll(async () => {
  server = await startSqs({ port: await usablePort(0, "SQS", ""), logDirectory, register });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  sqs = new SQSClient({ region: "us-east-1", endpoint: server.endpoint, credentials });
  const queue = (name: string) => ({
    logicalId: name,
    type: "AWS::SQS::Queue",
    name,
    properties: { FifoQueue: true, QueueName: name },
  });
  const deadLetterTargetArn = "arn:aws:sqs:us-east-1:000000000000:confirmations-dl.fifo";
  const confirmations = queue("confirmations.fifo");
  const properties = { ...confirmations.properties, RedrivePolicy: { deadLetterTargetArn, maxReceiveCount: 100 } };
  await createQueues(sqs, [queue("confirmations-dl.fifo"), { ...confirmations, properties }]);
  const endpoint = NOWHERE;
  printed = describeStack(
    {
      endpoints: { dynamodb: endpoint, sqs: server.endpoint, s3: server.endpoint, api: endpoint, lambda: endpoint },
      environment: {},
      ownApis: { orders: `${endpoint}/ordersapi/prod` },
      settings: parseSettings(LOCAL_SETTINGS),
      confirmationsQueueUrl: server.urlOf("confirmations.fifo"),
      deadLetterQueueUrl: server.urlOf("confirmations-dl.fifo"),
    } as unknown as LocalStack,
    1,
    ".local",
  );
});

afterAll(async () => {
  sqs.destroy();
  await server.stop();
});

/** Does what curl does with a printed line. */
async function call(line: RegExp): Promise<string> {
  const { url = "", target = "", quoted = "" } = line.exec(printed)?.groups ?? {};
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": target },
    body: quoted,
  });
  return response.text();
}

/** Runs the printed function in a shell, with a CLI that says what it was called with. */
function inShell(args: readonly string[]) {
  const line = printed.split("\n").find((text) => text.trim().startsWith("aws() {"));
  const bin = join(logDirectory, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "aws"), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
  const env = { ...process.env, PATH: `${bin}:${process.env["PATH"]}` };
  const { status, stdout, stderr } = spawnSync("sh", ["-c", `${line}\naws "$@"`, "sh", ...args], {
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("what npm start prints", () => {
  it("has what is other than in a deployment in one line", () => {
    const line = printed.split("\n").find((text) => text.startsWith("Other than in a deployment: "));
    expect(line).toContain("delivery.deadlineMs 5000 (deployed: 10000)");
    expect(line).toContain("retry.scheduleSeconds [1,2,5,10,20] (deployed: [5,30,120,");
    expect(line).toContain('delivery.allowDestinations ["127.0.0.1:1024-65535"] (deployed: [])');
  });

  it.each([
    [["sqs", "list-queues"], () => `--endpoint-url ${server.endpoint} sqs list-queues`],
    [
      ["dynamodb", "scan", "--table-name", "T a"],
      () => "--endpoint-url http://127.0.0.1:1 dynamodb scan --table-name T a",
    ],
    [["logs", "help"], () => `--endpoint-url ${NOWHERE} logs help`],
    [["--version"], () => "--version"],
  ])("has any AWS CLI go to this machine with %j", (args, called) => {
    expect(inShell(args)).toEqual({ status: 0, stdout: `${called()}\n`, stderr: "" });
  });

  it("lets nothing go to AWS for a service that is not here", () => {
    expect(inShell(["ec2", "describe-instances"])).toEqual({
      status: 1,
      stdout: "",
      stderr: "aws ec2 is not on this machine\n",
    });
  });

  it("puts dead letters back as they were, whatever quotes their reasons have, and leaves none", async () => {
    const message = { transactionId: "t-1", version: 1, release: 0 };
    const body = encodeDeadLetter(message, failure("url_missing", `it's "quoted" \\ $HOME \`x\``), 3);
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: server.urlOf("confirmations-dl.fifo"),
        MessageBody: body,
        MessageGroupId: "t-1",
        MessageDeduplicationId: "1",
      }),
    );

    await call(
      /curl -s (?<url>\S+) [^\n]*'x-amz-target: (?<target>AmazonSQS\.StartMessageMoveTask)' -d '(?<quoted>[^']*)'/,
    );

    const QueueUrl = server.urlOf("confirmations.fifo");
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    expect(Messages.map(({ Body }) => Body)).toEqual([body]);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
    expect(await server.counts("confirmations-dl.fifo")).toEqual({ waiting: 0, inFlight: 0 });
  });
});
