/**
 * `npm run merchant -- <merchantId>`: shows what a merchant of the running stack verifies with; `--url <url>` registers
 * it or changes its URL, `--retry-schedule <seconds,…>` gives it waits of its own, `--rotate` new keys, `--secret` one
 * that it brought along; `--pause`, `--resume`, `--enable` change its health row, `--rate-limit` and
 * `--max-concurrency` how much it takes. Secret and salt stay as they are once it has them, unless they are rotated.
 */
import { KMSClient } from "@aws-sdk/client-kms";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { encryptSecret } from "../core/aws/encrypt-secret.ts";
import { boundedClient } from "../core/aws/bounded-client.ts";
import { COMMAND_LIMITS } from "../core/aws/call-limits.ts";
import { ImportedSecrets } from "../core/aws/imported-secrets.ts";
import { withOpenSecrets } from "../core/signing/open-secrets.ts";
import type { Merchant } from "../core/merchant/merchant.ts";
import { KeyError, type MasterKeys, newestKeyVersion, parseMasterKeys } from "../core/signing/signature.ts";
import { AddressGuard } from "../core/delivery/address-guard.ts";
import { parseDestination } from "../core/delivery/destination.ts";
import { describeMerchantHealth } from "./describe-merchant-health.ts";
import { describeMerchant } from "./describe-merchant.ts";
import { MerchantHealthRow } from "./merchant-health-row.ts";
import { runCommand } from "./command-line/run-command.ts";
import { LocalError } from "./local-error.ts";
import { CREDENTIALS, REGION } from "./machine.ts";
import { MERCHANT_COMMAND, type MerchantAction, parseMerchantOptions } from "./merchant-options.ts";
import { type EncryptSecret, MerchantRow } from "./merchant-row.ts";
import { notRunning, readStackFile, type StackFile } from "./stack-file.ts";

const CONNECTION = { region: REGION, credentials: CREDENTIALS };

async function main(args: readonly string[]): Promise<void> {
  const { merchantId, action, health: healthChange, limits, stateDirectory, showSecret } = parseMerchantOptions(args);
  const stack = readStackFile(stateDirectory);
  try {
    const masterKeys = await readMasterKeys(stack);
    const row = new MerchantRow(stack, merchantId);
    const kms = boundedClient(KMSClient, COMMAND_LIMITS, {
      ...CONNECTION,
      endpoint: stack.environment["AWS_ENDPOINT_URL_KMS"] ?? "",
    });
    const keyArn = stack.outputs["ImportedSecretsKeyArn"] ?? "";
    const encrypt = (secret: string) => encryptSecret(kms, keyArn, merchantId, secret);
    const found = await carryOut(action, row, masterKeys, stack, encrypt);
    const changed = limits === undefined ? found : await row.setLimits(limits);
    const { open } = new ImportedSecrets({ kms, keyArn, nowMs: Date.now });
    const merchant = await withOpenSecrets(changed, Date.now(), open);
    const health = new MerchantHealthRow(stack, merchantId);
    if (healthChange !== undefined) await health.change(healthChange, Date.now());
    const healthLines = describeMerchantHealth(merchant, await health.state(), Date.now());
    const keySetUrl = stack.outputs["KeySetUrl"] ?? "";
    process.stdout.write(
      describeMerchant({ merchant, masterKeys, keySetUrl, now: Date.now(), healthLines, showSecret }),
    );
  } catch (error) {
    throw isRefused(error) ? notRunning(stateDirectory, error) : error;
  }
}

async function carryOut(
  action: MerchantAction,
  row: MerchantRow,
  masterKeys: MasterKeys,
  stack: StackFile,
  encrypt: EncryptSecret,
): Promise<Merchant> {
  if (action.kind === "import secret") {
    // A merchant that is new was never told another secret.
    const isNew = action.url !== undefined && !(await row.isRegistered());
    if (action.url !== undefined) await register(action.url, row, stack);
    const overlapMs = isNew ? 0 : action.overlapMs;
    return row.importSecret(action.secret, encrypt, { ...action, overlapMs, now: Date.now() });
  }
  if (action.kind === "register") {
    const merchant = await register(action.url, row, stack);
    return action.retrySchedule === undefined ? merchant : row.setRetrySchedule(action.retrySchedule);
  }
  if (action.kind === "retry schedule") return row.setRetrySchedule(action.retrySchedule);
  if (action.kind === "rotate")
    return row.rotate({ ...action, keyVersion: newestKeyVersion(masterKeys), now: Date.now() });
  return row.read();
}

/** A URL that must not be called is refused now rather than with the first transaction. */
async function register(url: string, row: MerchantRow, { delivery }: StackFile): Promise<Merchant> {
  const guard = AddressGuard.of(delivery);
  const destination = parseDestination(url, guard);
  if ("code" in destination) throw new LocalError("LOCAL_OPTION_INVALID", `--url: ${destination.reason}`);
  return row.register(url);
}

async function readMasterKeys({ environment, outputs }: StackFile): Promise<MasterKeys> {
  const secrets = boundedClient(SecretsManagerClient, COMMAND_LIMITS, {
    ...CONNECTION,
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

await runCommand(MERCHANT_COMMAND, process.argv.slice(2), main, { forPerson: [KeyError] });
