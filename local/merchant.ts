/**
 * `npm run merchant -- <merchantId>`: shows what a merchant of the running stack verifies with; `--url <url>` registers it or changes its
 * URL, `--retry-schedule <seconds,…>` gives it waits of its own, `--rotate` new keys. Secret and salt of a merchant stay as they are once
 * it has them, unless they are rotated.
 */
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Merchant } from "../core/merchant.ts";
import { KeyError, type MasterKeys, newestKeyVersion, parseMasterKeys } from "../core/signature.ts";
import { describeMerchant } from "./describe-merchant.ts";
import { LocalError } from "./local-error.ts";
import { CREDENTIALS, REGION } from "./machine.ts";
import { type MerchantAction, parseMerchantOptions } from "./merchant-options.ts";
import { MerchantRow } from "./merchant-row.ts";
import { notRunning, readStackFile, type StackFile } from "./stack-file.ts";

async function main(): Promise<void> {
  const { merchantId, action, stateDirectory } = parseMerchantOptions(process.argv.slice(2));
  const stack = readStackFile(stateDirectory);
  try {
    const masterKeys = await readMasterKeys(stack);
    const merchant = await carryOut(action, new MerchantRow(stack, merchantId), masterKeys);
    process.stdout.write(describeMerchant(merchant, masterKeys, stack.outputs["KeySetUrl"] ?? "", Date.now()));
  } catch (error) {
    throw isRefused(error) ? notRunning(stateDirectory, error) : error;
  }
}

async function carryOut(action: MerchantAction, row: MerchantRow, masterKeys: MasterKeys): Promise<Merchant> {
  if (action.kind === "register") {
    const merchant = await row.register(action.url);
    return action.retrySchedule === undefined ? merchant : row.setRetrySchedule(action.retrySchedule);
  }
  if (action.kind === "retry schedule") return row.setRetrySchedule(action.retrySchedule);
  if (action.kind === "rotate")
    return row.rotate({ ...action, keyVersion: newestKeyVersion(masterKeys), now: Date.now() });
  return row.read();
}

async function readMasterKeys({ environment, outputs }: StackFile): Promise<MasterKeys> {
  const secrets = new SecretsManagerClient({
    region: REGION,
    credentials: CREDENTIALS,
    endpoint: environment["AWS_ENDPOINT_URL_SECRETS_MANAGER"] ?? "",
  });
  const { SecretString: text } = await secrets.send(
    new GetSecretValueCommand({ SecretId: outputs["MasterKeysSecretArn"] }),
  );
  return parseMasterKeys(text ?? "{}");
}

function isRefused(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ECONNREFUSED";
}

try {
  await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof LocalError || error instanceof KeyError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
}
