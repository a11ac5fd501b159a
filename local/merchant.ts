/**
 * `npm run merchant -- <merchantId> [--url <url>]`: registers a merchant with the running stack, or changes its URL, and prints its signing
 * secret; without --url it shows what is registered. Salt and secret of a merchant stay as they are once it has them.
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { type AttributeValue, DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { parseMerchant } from "../core/merchant.ts";
import { merchantSecret, parseMasterKeys, secretText } from "../core/signature.ts";
import { LocalError } from "./local-error.ts";
import { CREDENTIALS, REGION } from "./machine.ts";
import { notRunning, readStackFile, type StackFile } from "./stack-file.ts";
import { DEFAULT_STATE_DIRECTORY, firstSentence } from "./start-options.ts";

const USAGE = "npm run merchant -- <merchantId> [--url <webhook URL>] [--state <directory>]";
const SALT_BYTES = 16;

interface MerchantOptions {
  readonly merchantId: string;
  readonly url: string | undefined;
  readonly stateDirectory: string;
}

function parseOptions(args: readonly string[]): MerchantOptions {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { url: { type: "string" }, state: { type: "string", default: DEFAULT_STATE_DIRECTORY } },
    });
    const [merchantId, ...others] = positionals;
    if (merchantId === undefined || others.length > 0) throw new Error("Expected one merchant id");
    if (values.url !== undefined && !URL.canParse(values.url))
      throw new Error(`--url is ${JSON.stringify(values.url)}, which is no URL`);
    return { merchantId, url: values.url, stateDirectory: values.state };
  } catch (cause) {
    throw new LocalError("LOCAL_OPTION_INVALID", `${firstSentence(cause)}. Usage: ${USAGE}`, { cause });
  }
}

async function main(): Promise<void> {
  const { merchantId, url, stateDirectory } = parseOptions(process.argv.slice(2));
  const stack = readStackFile(stateDirectory);
  const row = await (url === undefined ? show(stack, merchantId) : register(stack, merchantId, url)).catch(
    (error: unknown) => {
      throw isRefused(error) ? notRunning(stateDirectory, error) : error;
    },
  );
  if (row === undefined)
    throw new LocalError(
      "LOCAL_OPTION_INVALID",
      `There is no merchant ${merchantId}; register it with --url <webhook URL>.`,
    );
  const parsed = parseMerchant(row);
  if ("faults" in parsed)
    throw new LocalError(
      "LOCAL_OPTION_INVALID",
      `The row of merchant ${merchantId} cannot be used: ${parsed.faults.join("; ")}. Correct it in the table.`,
    );
  const { merchant } = parsed;
  const secret = secretText(merchantSecret(parseMasterKeys(await masterKeys(stack)), merchant));
  process.stdout.write(
    `merchant  ${merchant.merchantId}\nurl       ${merchant.confirmationUrl ?? "none: each transaction must carry its own"}\nsecret    ${secret}\n`,
  );
}

/** Standard Webhooks libraries take the secret as it is printed. */
async function masterKeys({ environment, outputs }: StackFile): Promise<string> {
  const secrets = new SecretsManagerClient({
    region: REGION,
    credentials: CREDENTIALS,
    endpoint: environment["AWS_ENDPOINT_URL_SECRETS_MANAGER"] ?? "",
  });
  const { SecretString: text } = await secrets.send(
    new GetSecretValueCommand({ SecretId: outputs["MasterKeysSecretArn"] }),
  );
  return text ?? "{}";
}

async function show(stack: StackFile, merchantId: string): Promise<Record<string, AttributeValue> | undefined> {
  const { Item: row } = await table(stack).send(
    new GetItemCommand({
      TableName: stack.outputs["MerchantsTableName"],
      Key: { merchantId: { S: merchantId } },
      ConsistentRead: true,
    }),
  );
  return row;
}

async function register(
  stack: StackFile,
  merchantId: string,
  url: string,
): Promise<Record<string, AttributeValue> | undefined> {
  const { Attributes: row } = await table(stack).send(
    new UpdateItemCommand({
      TableName: stack.outputs["MerchantsTableName"],
      Key: { merchantId: { S: merchantId } },
      UpdateExpression: "SET confirmationUrl = :url, secretSalt = if_not_exists(secretSalt, :salt)",
      ExpressionAttributeValues: { ":url": { S: url }, ":salt": { S: randomBytes(SALT_BYTES).toString("base64") } },
      ReturnValues: "ALL_NEW",
    }),
  );
  return row;
}

function table({ environment }: StackFile): DynamoDBClient {
  return new DynamoDBClient({
    region: REGION,
    credentials: CREDENTIALS,
    endpoint: environment["AWS_ENDPOINT_URL_DYNAMODB"] ?? "",
    maxAttempts: 1,
  });
}

function isRefused(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ECONNREFUSED";
}

try {
  await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof LocalError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
}
