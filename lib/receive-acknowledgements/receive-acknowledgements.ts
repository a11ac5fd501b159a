/**
 * `POST /acknowledgements`, answered by `receive-acknowledgements`: merchants acknowledge here what they answered with
 * 202, signed with their own secret. It comes from outside and without a token, so the function may read one merchant,
 * open secrets to verify with, and confirm rows: nothing else.
 */
import { Duration, Validations } from "aws-cdk-lib";
import { LambdaIntegration, type MethodDeploymentOptions } from "aws-cdk-lib/aws-apigateway";
import { Construct } from "constructs";
import { ACCOUNT_BURST, ACCOUNT_RATE } from "../../core/settings/groups/api.ts";
import { countedCampaigns } from "../../core/settings/campaign-metrics.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { publishedMetrics } from "../../core/settings/published-metrics.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { receiveAcknowledgementsEnvironment } from "../../lambdas/receive-acknowledgements/environment.ts";
import type { JournalAccess } from "../journal/journal-access.ts";
import type { MerchantsTable } from "../merchants/merchants-table.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import type { PublicApi } from "../public-api/public-api.ts";
import type { SigningKeys } from "../signing-keys/signing-keys.ts";
import type { StageProps } from "../stack/stage.ts";
import type { TransactionsTable } from "../transactions/transactions-table.ts";

const PATH = "/acknowledgements";
const TIMEOUT = Duration.seconds(10);
/** Of what the account's API takes: merchants must not keep the rest of it out. */
const SHARE_OF_ACCOUNT = 0.5;

/** As many as are confirmed: each of them may be acknowledged. */
export function acknowledgementRouteLimits(settings: Settings): Readonly<Record<string, MethodDeploymentOptions>> {
  const rate = Math.min(settings.targetRatePerSecond, ACCOUNT_RATE * SHARE_OF_ACCOUNT);
  const burst = Math.min(rate, ACCOUNT_BURST * SHARE_OF_ACCOUNT);
  return { [`${PATH}/POST`]: { throttlingRateLimit: rate, throttlingBurstLimit: burst } };
}

export interface ReceiveAcknowledgementsProps extends StageProps {
  readonly publicApi: PublicApi;
  readonly transactions: TransactionsTable;
  readonly merchants: MerchantsTable;
  readonly signingKeys: SigningKeys;
  readonly journal: JournalAccess;
}

export class ReceiveAcknowledgements extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, props: ReceiveAcknowledgementsProps) {
    super(scope, id);
    const { publicApi, transactions, merchants, signingKeys, keys, settings, journal } = props;
    const receiver = new PipelineFunction(this, "Function", {
      ...props,
      program: "receiveAcknowledgements",
      description: "Takes what merchants acknowledge that confirm later",
      timeout: TIMEOUT,
      reservedConcurrency: settings.delivery.acknowledgementConcurrency || undefined,
      environment: receiveAcknowledgementsEnvironment.write({
        transactionsTable: transactions.table.tableName,
        merchantsTable: merchants.table.tableName,
        masterKeysSecretArn: signingKeys.masterKeys.secretArn,
        importedSecretsKeyArn: keys.importedSecrets.keyArn,
        settledDays: settings.retention.settledDays,
        journal: journal.values,
        publishedMetrics: publishedMetrics(settings.delivery.mode, FUNCTION_NAMES.receiveAcknowledgements),
        campaigns: countedCampaigns(settings),
      }),
    });
    receiver.allow(["dynamodb:BatchGetItem", "dynamodb:PartiQLUpdate"], [transactions.table.tableArn]);
    receiver.allow(["dynamodb:GetItem"], [merchants.table.tableArn]);
    receiver.allow(["secretsmanager:GetSecretValue"], [signingKeys.masterKeys.secretArn]);
    for (const statement of journal.policies(this)) receiver.addToRolePolicy(statement);
    keys.grantUseThrough(receiver, ["dynamodb", "secretsmanager", "s3"]);
    keys.grantOpenSecrets(receiver);

    const method = publicApi.api.root
      .resourceForPath(PATH)
      .addMethod("POST", new LambdaIntegration(receiver, { allowTestInvoke: false }));
    this.url = publicApi.api.urlForPath(PATH);
    const signed =
      "Callers are authenticated by a signature over id, version and time, which receive-acknowledgements verifies " +
      "before anything else; the method has a rate limit of its own.";
    Validations.of(method).acknowledge(
      { id: "AwsSolutions-APIG4", reason: signed },
      { id: "AwsSolutions-COG4", reason: signed },
    );
  }
}
