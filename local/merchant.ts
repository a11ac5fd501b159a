/**
 * `npm run merchant -- <merchantId>`: shows what a merchant of the running stack verifies with; `--url <url>` registers it or changes its
 * URL, `--retry-schedule <seconds,…>` gives it waits of its own, `--rotate` new keys; `--pause`, `--resume`, `--enable` change its gate,
 * `--rate-limit` and `--max-concurrency` how much it takes. Secret and salt stay as they are once it has them, unless they are rotated.
 */
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Merchant } from "../core/merchant.ts";
import { KeyError, type MasterKeys, newestKeyVersion, parseMasterKeys } from "../core/signature.ts";
import { AddressGuard } from "../delivery/address-guard.ts";
import { parseDestination } from "../delivery/destination.ts";
import { describeGate } from "./describe-gate.ts";
import { describeMerchant } from "./describe-merchant.ts";
import { GateRow } from "./gate-row.ts";
import { LocalError } from "./local-error.ts";
import { CREDENTIALS, REGION } from "./machine.ts";
import { type MerchantAction, parseMerchantOptions } from "./merchant-options.ts";
import { MerchantRow } from "./merchant-row.ts";
import { notRunning, readStackFile, type StackFile } from "./stack-file.ts";

async function main(): Promise<void> {
  const { merchantId, action, gate: gateChange, limits, stateDirectory } = parseMerchantOptions(process.argv.slice(2));
  const stack = readStackFile(stateDirectory);
  try {
    const masterKeys = await readMasterKeys(stack);
    const row = new MerchantRow(stack, merchantId);
    const found = await carryOut(action, row, masterKeys, stack);
    const merchant = limits === undefined ? found : await row.setLimits(limits);
    const gate = new GateRow(stack, merchantId);
    if (gateChange !== undefined) await gate.change(gateChange, Date.now());
    const gateLines = describeGate(merchant, await gate.state(), Date.now());
    process.stdout.write(
      describeMerchant(merchant, masterKeys, stack.outputs["KeySetUrl"] ?? "", Date.now(), gateLines),
    );
  } catch (error) {
    throw isRefused(error) ? notRunning(stateDirectory, error) : error;
  }
}

async function carryOut(
  action: MerchantAction,
  row: MerchantRow,
  masterKeys: MasterKeys,
  { delivery }: StackFile,
): Promise<Merchant> {
  if (action.kind === "register") {
    // Refused now rather than with the first transaction.
    const destination = parseDestination(
      action.url,
      new AddressGuard(delivery.allowDestinations, delivery.refuseDestinations),
    );
    if ("code" in destination) throw new LocalError("LOCAL_OPTION_INVALID", `--url: ${destination.reason}`);
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
