/**
 * The reference merchant: `POST /confirmation`, answered by `confirmation-webhook`. It receives confirmations as a
 * merchant should, verified and remembered by `webhook-id`, and can be told to fail or be slow, so that a deployment
 * can be tried with no merchant of one's own.
 */
import { Duration, Validations } from "aws-cdk-lib";
import {
  type CfnResource,
  JsonSchemaType,
  LambdaIntegration,
  type Method,
  type RestApi,
} from "aws-cdk-lib/aws-apigateway";
import { Construct } from "constructs";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { publishedMetrics } from "../../core/settings/published-metrics.ts";
import { confirmationWebhookEnvironment } from "../../lambdas/confirmation-webhook/environment.ts";
import { CANARY_PARENT, CANARY_SECRET } from "../canary/canary-path.ts";
import type { MerchantsTable } from "../merchants/merchants-table.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import type { PublicApi } from "../public-api/public-api.ts";
import { ReceivedConfirmations } from "./received-confirmations.ts";
import type { SigningKeys } from "../signing-keys/signing-keys.ts";
import type { StageProps } from "../stack/stage.ts";

const SIGNATURE_HEADERS = ["webhook-id", "webhook-timestamp", "webhook-signature"] as const;

export interface ReferenceMerchantProps extends StageProps {
  readonly publicApi: PublicApi;
  readonly merchants: MerchantsTable;
  readonly signingKeys: SigningKeys;
}

export class ReferenceMerchant extends Construct {
  readonly received: ReceivedConfirmations;
  readonly confirmationUrl: string;
  /** Known to the canary alone. */
  readonly canaryUrl: string;

  constructor(scope: Construct, id: string, props: ReferenceMerchantProps) {
    super(scope, id);
    const { api } = props.publicApi;
    this.received = new ReceivedConfirmations(this, "Received", props);
    const webhook = this.#webhook(props);
    const confirmations = {
      requestValidator: api.addRequestValidator("ConfirmationValidator", {
        requestValidatorName: "confirmation",
        validateRequestBody: true,
        validateRequestParameters: true,
      }),
      requestParameters: Object.fromEntries(
        SIGNATURE_HEADERS.map((header) => [`method.request.header.${header}`, true]),
      ),
      requestModels: { "application/json": this.#confirmationModel(api) },
    };
    const whole = new LambdaIntegration(webhook, { allowTestInvoke: false });
    this.#acknowledge(api.root.addResource("confirmation").addMethod("POST", whole, confirmations));
    this.confirmationUrl = api.urlForPath("/confirmation");
    this.canaryUrl = api.urlForPath(`/${CANARY_PARENT}/${CANARY_SECRET}`);
    if (!props.settings.canary.enabled) return;
    const secret = api.root.addResource(CANARY_PARENT).addResource("secret");
    // The CDK takes no token for a part of a path, nor for one of a permission: that is one for the whole API.
    (secret.node.defaultChild as CfnResource).pathPart = CANARY_SECRET;
    const canary = new LambdaIntegration(webhook, { scopePermissionToMethod: false });
    this.#acknowledge(secret.addMethod("POST", canary, confirmations));
  }

  #webhook(props: ReferenceMerchantProps): PipelineFunction {
    const { merchants, signingKeys, keys } = props;
    const webhook = new PipelineFunction(this, "Function", {
      ...props,
      program: "confirmationWebhook",
      description: "The reference merchant: verifies, remembers and answers confirmations",
      timeout: Duration.seconds(30),
      reservedConcurrency: props.settings.referenceMerchant.reservedConcurrency || undefined,
      environment: confirmationWebhookEnvironment.write({
        merchantsTable: merchants.table.tableName,
        receivedTable: this.received.table.tableName,
        masterKeysSecretArn: signingKeys.masterKeys.secretArn,
        importedSecretsKeyArn: keys.importedSecrets.keyArn,
        publishedMetrics: publishedMetrics(props.settings.delivery.mode, FUNCTION_NAMES.confirmationWebhook),
      }),
    });
    webhook.allow(["dynamodb:GetItem"], [merchants.table.tableArn]);
    webhook.allow(["dynamodb:PutItem"], [this.received.table.tableArn]);
    webhook.allow(["secretsmanager:GetSecretValue"], [signingKeys.masterKeys.secretArn]);
    keys.grantUse(webhook);
    keys.grantOpenSecrets(webhook);
    return webhook;
  }

  #confirmationModel(api: RestApi) {
    return api.addModel("Confirmation", {
      modelName: "Confirmation",
      contentType: "application/json",
      schema: {
        type: JsonSchemaType.OBJECT,
        required: ["type", "timestamp", "data"],
        properties: {
          type: { type: JsonSchemaType.STRING },
          timestamp: { type: JsonSchemaType.STRING },
          data: { type: JsonSchemaType.OBJECT },
        },
      },
    });
  }

  #acknowledge(method: Method): void {
    const signed =
      "Callers are authenticated by the Standard Webhooks signature over id, time and body, which " +
      "confirmation-webhook verifies, as a merchant's endpoint does.";
    Validations.of(method).acknowledge(
      { id: "AwsSolutions-APIG4", reason: signed },
      { id: "AwsSolutions-COG4", reason: signed },
    );
  }
}
