/**
 * `merchant-secrets`: reveals, imports and rotates merchants' signing secrets, and takes those of their connections,
 * which it cannot open again. Apart from the rest of the API, which holds no key that opens one.
 */
import { Duration } from "aws-cdk-lib";
import { Construct } from "constructs";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { publishedMetrics } from "../../core/settings/published-metrics.ts";
import { merchantSecretsEnvironment } from "../../lambdas/merchant-secrets/environment.ts";
import type { AuditLogTable } from "../audit-log/audit-log-table.ts";
import type { MerchantsTable } from "../merchants/merchants-table.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import type { SigningKeys } from "../signing-keys/signing-keys.ts";
import type { StageProps } from "../stack/stage.ts";

const TIMEOUT = Duration.seconds(10);

export interface MerchantSecretsProps extends StageProps {
  readonly merchants: MerchantsTable;
  readonly signingKeys: SigningKeys;
  readonly auditLog: AuditLogTable;
}

export class MerchantSecrets extends Construct {
  readonly function: PipelineFunction;

  constructor(scope: Construct, id: string, props: MerchantSecretsProps) {
    super(scope, id);
    const { merchants, signingKeys, auditLog, keys, settings } = props;
    this.function = new PipelineFunction(this, "Function", {
      ...props,
      program: "merchantSecrets",
      description: "Reveals, imports and rotates merchants' signing secrets",
      timeout: TIMEOUT,
      environment: merchantSecretsEnvironment.write({
        merchantsTable: merchants.table.tableName,
        auditLogTable: auditLog.table.tableName,
        masterKeysSecretArn: signingKeys.masterKeys.secretArn,
        importedSecretsKeyArn: keys.importedSecrets.keyArn,
        allowDestinations: settings.delivery.allowDestinations,
        refuseDestinations: settings.delivery.refuseDestinations,
        allowPorts: settings.delivery.allowPorts,
        publishedMetrics: publishedMetrics(settings.delivery.mode, FUNCTION_NAMES.merchantSecrets),
      }),
    });
    this.function.allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], [merchants.table.tableArn]);
    this.function.allow(["dynamodb:PutItem"], [auditLog.table.tableArn]);
    this.function.allow(["secretsmanager:GetSecretValue"], [signingKeys.masterKeys.secretArn]);
    keys.grantUseThrough(this.function, ["dynamodb", "secretsmanager"]);
    keys.grantOpenSecrets(this.function);
    keys.grantSealSecrets(this.function);
  }
}
