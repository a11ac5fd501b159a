/**
 * The reference merchant: `POST /confirmation`, answered by `confirmation-webhook`. It receives confirmations as a merchant should, verified
 * and remembered by `webhook-id`, and can be told to fail or be slow, so that a deployment can be tried with no merchant of one's own.
 */
import { Duration, Fn, Validations } from "aws-cdk-lib";
import {
  AccessLogFormat,
  EndpointType,
  JsonSchemaType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
} from "aws-cdk-lib/aws-apigateway";
import { Construct } from "constructs";
import { ENV } from "../core/names.ts";
import { PipelineLogs } from "./logs.ts";
import type { MerchantsTable } from "./merchants-table.ts";
import { PipelineFunction } from "./pipeline-function.ts";
import { ReceivedConfirmations } from "./received-confirmations.ts";
import type { SigningKeys } from "./signing-keys.ts";
import type { StageProps } from "./stage.ts";

const STAGE_NAME = "prod";
/** API Gateway's own limits of an account in one region, in requests a second and at once. */
const ACCOUNT_RATE = 10_000;
const ACCOUNT_BURST = 5000;
/** Room above the target rate for retries and peaks. */
const RATE_HEADROOM = 2;
const SIGNATURE_HEADERS = ["webhook-id", "webhook-timestamp", "webhook-signature"] as const;

export interface ReferenceMerchantProps extends StageProps {
  readonly merchants: MerchantsTable;
  readonly signingKeys: SigningKeys;
}

export class ReferenceMerchant extends Construct {
  readonly confirmationUrl: string;

  constructor(scope: Construct, id: string, props: ReferenceMerchantProps) {
    super(scope, id);
    const api = this.#api(props);
    const confirmation = api.root.addResource("confirmation");
    confirmation.addMethod("POST", new LambdaIntegration(this.#webhook(props), { allowTestInvoke: false }), {
      requestValidatorOptions: {
        requestValidatorName: "confirmation",
        validateRequestBody: true,
        validateRequestParameters: true,
      },
      requestParameters: Object.fromEntries(
        SIGNATURE_HEADERS.map((header) => [`method.request.header.${header}`, true]),
      ),
      requestModels: { "application/json": this.#confirmationModel(api) },
    });
    this.confirmationUrl = api.urlForPath("/confirmation");
  }

  #webhook(props: ReferenceMerchantProps): PipelineFunction {
    const { merchants, signingKeys, keys } = props;
    const received = new ReceivedConfirmations(this, "Received", props);
    const webhook = new PipelineFunction(this, "Function", {
      ...props,
      program: "confirmationWebhook",
      description: "The reference merchant: verifies, remembers and answers confirmations",
      timeout: Duration.seconds(30),
      environment: {
        [ENV.merchantsTable]: merchants.table.tableName,
        [ENV.receivedTable]: received.table.tableName,
        [ENV.masterKeysSecretArn]: signingKeys.masterKeys.secretArn,
      },
    });
    webhook.allow(["dynamodb:GetItem"], [merchants.table.tableArn]);
    webhook.allow(["dynamodb:PutItem"], [received.table.tableArn]);
    webhook.allow(["secretsmanager:GetSecretValue"], [signingKeys.masterKeys.secretArn]);
    keys.grantUse(webhook);
    return webhook;
  }

  #api({ settings, keys }: ReferenceMerchantProps): RestApi {
    const rate = Math.min(settings.targetRatePerSecond * RATE_HEADROOM, ACCOUNT_RATE);
    const accessLogs = new PipelineLogs(this, "AccessLogs", {
      settings,
      keys,
      logGroupName: "/confirmation-pipeline/api-access",
    });
    const api = new RestApi(this, "Api", {
      restApiName: "confirmation",
      description: "Reference merchant of the confirmation pipeline",
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: true,
      deployOptions: {
        stageName: STAGE_NAME,
        tracingEnabled: true,
        metricsEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        throttlingRateLimit: rate,
        throttlingBurstLimit: Math.min(rate, ACCOUNT_BURST),
        accessLogDestination: new LogGroupLogDestination(accessLogs),
        accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
      },
    });
    // API Gateway would create this one itself, without key and without end.
    const errorLogs = new PipelineLogs(this, "ErrorLogs", {
      settings,
      keys,
      logGroupName: Fn.join("", ["API-Gateway-Execution-Logs_", api.restApiId, "/", STAGE_NAME]),
    });
    api.deploymentStage.node.addDependency(errorLogs);
    this.#acknowledge(api);
    return api;
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

  #acknowledge(api: RestApi): void {
    const signed =
      "Callers are authenticated by the Standard Webhooks signature over id, time and body, which confirmation-webhook verifies, as a merchant's endpoint does.";
    Validations.of(api).acknowledge(
      { id: "AwsSolutions-APIG4", reason: signed },
      { id: "AwsSolutions-COG4", reason: signed },
      {
        id: "AwsSolutions-APIG3",
        reason:
          "The reference merchant takes test confirmations only: one path, a validated and signed body, throttled. A web ACL would protect nothing more.",
      },
      {
        id: "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]",
        reason:
          "API Gateway logs through one role of the whole account and refuses one that allows less than this policy of AWS.",
      },
    );
  }
}
