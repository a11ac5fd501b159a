/**
 * Does what the AWS CLI does with a line of the runbook, over HTTP, for services that speak AWS JSON and for Lambda's
 * REST: so that a line can be run where no CLI is. `--query` and `--output` shape what is printed, and are left out.
 */
import type { LocalEndpoints, LocalStack } from "../../local/local-stack.ts";

type Json = Readonly<Record<string, unknown>>;

const TARGETS: Readonly<Record<string, { readonly prefix: string; readonly at: keyof LocalEndpoints }>> = {
  dynamodb: { prefix: "DynamoDB_20120810", at: "dynamodb" },
  sqs: { prefix: "AmazonSQS", at: "sqs" },
  cloudwatch: { prefix: "GraniteServiceVersion20100801", at: "cloudwatch" },
  logs: { prefix: "Logs_20140328", at: "cloudwatch" },
  events: { prefix: "AWSEvents", at: "cloudwatch" },
};
const PRINTING = new Set(["query", "output"]);
const SCOPE = "20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=local";

export async function runAwsLine(
  line: string,
  { endpoints, credentials }: Pick<LocalStack, "endpoints" | "credentials">,
): Promise<{ status: number; body: Json }> {
  const [aws, service = "", operation = "", ...options] = wordsOf(line);
  if (aws !== "aws") throw new Error(`${line} is no line of the AWS CLI`);
  const input = inputOf(options);
  if (service === "lambda" && operation === "list-event-source-mappings") {
    const query = new URLSearchParams(input as Record<string, string>);
    return answered(await fetch(`${endpoints.lambda}/2015-03-31/event-source-mappings?${query.toString()}`));
  }
  const target = TARGETS[service];
  if (target === undefined) throw new Error(`aws ${service} ${operation} is not known here`);
  return answered(
    await fetch(endpoints[target.at], {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `${target.prefix}.${pascal(operation)}`,
        authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${SCOPE}`,
      },
      body: JSON.stringify(input),
    }),
  );
}

async function answered(response: Response): Promise<{ status: number; body: Json }> {
  return { status: response.status, body: (await response.json()) as Json };
}

function inputOf(options: readonly string[]): Json {
  const input: Record<string, unknown> = {};
  for (let index = 0; index < options.length;) {
    const name = options[index]?.replace(/^--/, "") ?? "";
    const end = options.findIndex((word, place) => place > index && word.startsWith("--"));
    const values = options.slice(index + 1, end === -1 ? undefined : end);
    index += 1 + values.length;
    if (!PRINTING.has(name)) input[pascal(name)] = valueOf(name, values);
  }
  return input;
}

function valueOf(name: string, values: readonly string[]): unknown {
  const [value] = values;
  if (value === undefined) return true;
  if (/types$|names$/.test(name) && !value.startsWith("{")) return values;
  return /^[{[]/.test(value) ? JSON.parse(value) : value;
}

function wordsOf(line: string): string[] {
  const words = line.replaceAll("\\\n", " ").match(/'[^']*'|"[^"]*"|[^\s'"]+/g) ?? [];
  return words.map((word) => word.replace(/^(['"])([\s\S]*)\1$/, "$2"));
}

function pascal(name: string): string {
  return name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
