/**
 * What `npm start` prints when the stack is up: where everything is, and lines that can be pasted into another
 * terminal.
 */
import { FUNCTION_NAMES } from "../core/settings/names.ts";
import { physicalName } from "../core/settings/physical-names.ts";
import { STATE_OPTION } from "./command-line/command.ts";
import { localDifferences } from "./local-differences.ts";
import type { LocalStack } from "./local-stack.ts";
import { arnOf } from "./machine.ts";

export function describeStack(stack: LocalStack, seconds: number, stateDirectory: string): string {
  const { endpoints, environment } = stack;
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${value}`);
  return `
The pipeline runs on this machine, ready after ${seconds.toFixed(1)} s. Ctrl-C stops it.
State and logs are in ${stateDirectory}.
Other than in a deployment: ${localDifferences(stack.settings).join(", ")}.

  See it live      ${endpoints.console}/live   sign in as whom you like
  Console          ${endpoints.console}

  DynamoDB         ${endpoints.dynamodb}   tables ${stack.transactionsTable}, ${stack.merchantsTable}
  SQS              ${endpoints.sqs}
    confirmations  ${stack.confirmationsQueueUrl}
    in order       ${stack.orderedQueueUrl}
    dead letters   ${stack.deadLetterQueueUrl}
  API              ${endpoints.api}/v1   its reference is at /docs
${ownApiLines(stack)}  Access tokens    ${endpoints.issuer}   POST /token gives them out to whoever asks
  Webhooks         ${endpoints.api}   POST /confirmation is the reference merchant
  Lambda, CloudWatch, X-Ray, Secrets Manager, KMS   ${endpoints.lambda}
${mailLines(stack)}${messageLines(stack)}

AWS SDKs find it with these:
${exports.map((line) => `  ${line}`).join("\n")}

The AWS CLI, version 1 or 2, with these too; older ones than of July 2023 know no such variables and would go to AWS:
  ${awsFunction(stack)}

Try it from another terminal:
${tries(stack, stateDirectory)
  .map(({ what, line }) => `\n  # ${what}\n  ${line}`)
  .join("\n")}
`;
}

function ownApiLines({ ownApis }: Pick<LocalStack, "ownApis">): string {
  return Object.entries(ownApis)
    .map(([name, url]) => `  ${`API ${name}`.padEnd(15)}  ${url}\n`)
    .join("");
}

function mailLines({ mail }: Pick<LocalStack, "mail">): string {
  if (mail === undefined) return "";
  const { smtpUrl, directory } = mail;
  const kept = directory === undefined ? "" : `   each mail is a file in ${directory}`;
  return `  Mail             ${smtpUrl}${kept}\n`;
}

function messageLines({ messages }: Pick<LocalStack, "messages">): string {
  return messages === undefined ? "" : `  SMS, WhatsApp, events   ${messages}\n`;
}

/** `--endpoint-url` is what every version of the CLI obeys; of a service that is not here nothing goes out at all. */
export function awsFunction({ endpoints }: Pick<LocalStack, "endpoints">): string {
  const { dynamodb, sqs, s3, lambda } = endpoints;
  const cases = [
    goingTo("dynamodb|dynamodbstreams", dynamodb),
    goingTo("sqs", sqs),
    goingTo("s3|s3api", s3),
    goingTo(
      "cloudwatch|logs|events|xray|lambda|kms|secretsmanager|sesv2|pinpoint-sms-voice-v2|socialmessaging",
      lambda,
    ),
    '-*|configure|help) ;; *) echo "aws $1 is not on this machine" >&2; return 1;;',
  ];
  return `aws() { case $1 in ${cases.join(" ")} esac; command aws "$@"; }`;
}

function goingTo(services: string, url: string): string {
  return `${services}) set -- --endpoint-url ${url} "$@";;`;
}

interface Try {
  readonly what: string;
  readonly line: string;
}

function tries(stack: LocalStack, stateDirectory: string): Try[] {
  const { endpoints } = stack;
  const functionName = (key: keyof typeof FUNCTION_NAMES) => physicalName(stack.settings, FUNCTION_NAMES[key]);
  const item = {
    transactionId: { S: "t-2" },
    version: { N: "1" },
    merchantId: { S: "acme" },
    outcome: { S: "APPROVED" },
    amount: { S: "12.34" },
    currency: { S: "EUR" },
    occurredAt: { S: new Date().toISOString() },
  };
  return [
    {
      what: "register a merchant: a program of yours, or the reference merchant as here",
      line: commandLine(`merchants register acme --url ${endpoints.api}/confirmation`, stateDirectory),
    },
    {
      what: "submit a transaction",
      line: commandLine(
        "submit --id t-1 --merchant acme --outcome APPROVED --amount 12.34 --currency EUR",
        stateDirectory,
      ),
    },
    {
      what: "follow it until its merchant has it",
      line: commandLine("watch t-1", stateDirectory),
    },
    {
      what: "see its path, hop by hop",
      line: commandLine("trace t-1", stateDirectory),
    },
    {
      what: "see the secret that the merchant verifies with, and send it a test event",
      line:
        `${commandLine("merchants secret show acme", stateDirectory)}; ` +
        commandLine("merchants test acme", stateDirectory),
    },
    {
      what: "or write a transaction into the table, as a producer may too",
      line: dynamodbCall(endpoints.dynamodb, "PutItem", { TableName: stack.transactionsTable, Item: item }),
    },
    {
      what: "see what became of it",
      line: dynamodbCall(endpoints.dynamodb, "GetItem", {
        TableName: stack.transactionsTable,
        Key: { transactionId: item.transactionId },
      }),
    },
    {
      what: "insert 1,000 test transactions",
      line:
        `curl -s ${endpoints.lambda}/2015-03-31/functions/${functionName("insertFakeTransactions")}/invocations -d ` +
        `'{"count":1000,"ratePerSecond":200,"badShare":0.01}'`,
    },
    {
      what:
        'audit the whole table now; {"audit":"status"} says what came of it, ' +
        '{"audit":"manifests"} writes the manifests of yesterday',
      line:
        `curl -s ${endpoints.lambda}/2015-03-31/functions/${functionName("auditTransactions")}/invocations ` +
        `-d '{"audit":"table"}'`,
    },
    {
      what: "see dead letters",
      line: sqsCall(endpoints.sqs, "ReceiveMessage", {
        QueueUrl: stack.deadLetterQueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 0,
      }),
    },
    {
      what: "put all of them back, as the console's redrive does",
      line: sqsCall(endpoints.sqs, "StartMessageMoveTask", {
        SourceArn: queueArn(stack.deadLetterQueueUrl),
        DestinationArn: queueArn(stack.confirmationsQueueUrl),
      }),
    },
  ];
}

/** Named only where it is not where the command line looks by itself. */
function commandLine(command: string, stateDirectory: string): string {
  const isUsual = stateDirectory === STATE_OPTION.default;
  return `npx confirmations ${command}${isUsual ? "" : ` --state ${stateDirectory}`}`;
}

function dynamodbCall(endpoint: string, operation: string, input: object): string {
  const credential =
    "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=local";
  return (
    `curl -s ${endpoint} -H 'content-type: application/x-amz-json-1.0' -H 'x-amz-target: ` +
    `DynamoDB_20120810.${operation}' -H 'authorization: ${credential}' -d '${JSON.stringify(input)}'`
  );
}

function sqsCall(endpoint: string, operation: string, input: object): string {
  return (
    `curl -s ${endpoint} -H 'content-type: application/x-amz-json-1.0' -H 'x-amz-target: ` +
    `AmazonSQS.${operation}' -d '${JSON.stringify(input)}'`
  );
}

function queueArn(url: string): string {
  return arnOf("sqs", url.slice(url.lastIndexOf("/") + 1));
}
