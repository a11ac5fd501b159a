/**
 * The REST API: what the pipeline offers to the outside. Its routes are added by their stages; here are the stage it is
 * deployed to, its logs, traces and limits. Requests of one kind must not use up the account's limit for the others, so
 * a route may have one of its own.
 */
import { Fn, Validations } from "aws-cdk-lib";
import {
  AccessLogFormat,
  EndpointType,
  LogGroupLogDestination,
  type MethodDeploymentOptions,
  MethodLoggingLevel,
  RestApi,
} from "aws-cdk-lib/aws-apigateway";
import { Construct } from "constructs";
import { physicalName } from "../../core/settings/physical-names.ts";
import { PipelineLogs } from "../logs/logs.ts";
import type { StageProps } from "../stack/stage.ts";

const LOGS_POLICY = "service-role/AmazonAPIGatewayPushToCloudWatchLogs";

const API_NAME = "confirmation";
const STAGE_NAME = "prod";
/** API Gateway's own limits of an account in one region, in requests a second and at once. */
const ACCOUNT_RATE = 10_000;
const ACCOUNT_BURST = 5000;
/** Room above the target rate for retries and peaks. */
const RATE_HEADROOM = 2;

export interface PublicApiProps extends Pick<StageProps, "settings" | "keys"> {
  /** Limits of single methods, by `/path/METHOD`. */
  readonly methodOptions: Readonly<Record<string, MethodDeploymentOptions>>;
}

export class PublicApi extends Construct {
  readonly api: RestApi;

  constructor(scope: Construct, id: string, { settings, keys, methodOptions }: PublicApiProps) {
    super(scope, id);
    const rate = Math.min(settings.targetRatePerSecond * RATE_HEADROOM, ACCOUNT_RATE);
    const accessLogs = new PipelineLogs(this, "AccessLogs", {
      settings,
      keys,
      logGroupName: "/confirmation-pipeline/api-access",
    });
    this.api = new RestApi(this, "Api", {
      restApiName: physicalName(settings, API_NAME),
      description: "Reference merchant and signing keys of the confirmation pipeline",
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: true,
      deployOptions: {
        stageName: STAGE_NAME,
        tracingEnabled: true,
        // By method, and billed as metrics of our own.
        metricsEnabled: settings.delivery.mode !== "lambda",
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        throttlingRateLimit: rate,
        throttlingBurstLimit: Math.min(rate, ACCOUNT_BURST),
        methodOptions: { ...methodOptions },
        accessLogDestination: new LogGroupLogDestination(accessLogs),
        accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
      },
    });
    // API Gateway would create this one itself, without key and without end.
    const errorLogs = new PipelineLogs(this, "ErrorLogs", {
      settings,
      keys,
      logGroupName: Fn.join("", ["API-Gateway-Execution-Logs_", this.api.restApiId, "/", STAGE_NAME]),
    });
    this.api.deploymentStage.node.addDependency(errorLogs);
    this.#acknowledge();
  }

  #acknowledge(): void {
    Validations.of(this.api).acknowledge(
      {
        id: "AwsSolutions-APIG3",
        reason:
          "It takes signed test confirmations and gives out public keys, both validated and throttled. A " +
          "web ACL would protect nothing more.",
      },
      {
        id: `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${LOGS_POLICY}]`,
        reason:
          "API Gateway logs through one role of the whole account and refuses one that allows less than " +
          "this policy of AWS.",
      },
    );
  }
}
