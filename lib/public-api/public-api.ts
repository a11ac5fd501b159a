/**
 * The REST API: what the pipeline offers to the outside. Its routes are added by their stages; here are the stage it is
 * deployed to, its logs, traces and limits. Requests of one kind must not use up the account's limit for the others, so
 * a route may have one of its own.
 */
import { Fn, Validations } from "aws-cdk-lib";
import {
  AccessLogFormat,
  type CfnRestApi,
  EndpointAccessMode,
  EndpointType,
  LogGroupLogDestination,
  type MethodDeploymentOptions,
  MethodLoggingLevel,
  RestApi,
  SecurityPolicy,
} from "aws-cdk-lib/aws-apigateway";
import { Construct } from "constructs";
import { ACCOUNT_BURST, ACCOUNT_RATE, hasApi, RATE_HEADROOM } from "../../core/settings/groups/api.ts";
import { API_NAME } from "../../core/settings/names.ts";
import { physicalName } from "../../core/settings/physical-names.ts";
import { PipelineLogs } from "../logs/logs.ts";
import type { StageProps } from "../stack/stage.ts";
import { WebAcl } from "./web-acl.ts";

const LOGS_POLICY = "service-role/AmazonAPIGatewayPushToCloudWatchLogs";

const STAGE_NAME = "prod";

export interface PublicApiProps extends Pick<StageProps, "settings" | "keys"> {
  /** Limits of single methods, by `/path/METHOD`. */
  readonly methodOptions: Readonly<Record<string, MethodDeploymentOptions>>;
}

export class PublicApi extends Construct {
  readonly api: RestApi;
  /** First part of each path. */
  readonly stageName = STAGE_NAME;

  constructor(scope: Construct, id: string, { settings, keys, methodOptions }: PublicApiProps) {
    super(scope, id);
    const rate = Math.min(settings.targetRatePerSecond * RATE_HEADROOM, ACCOUNT_RATE);
    const isLogged = !settings.disposable;
    this.api = new RestApi(this, "Api", {
      restApiName: physicalName(settings, API_NAME),
      description: "HTTP API, reference merchant and signing keys of the confirmation pipeline",
      endpointTypes: [EndpointType.REGIONAL],
      // One role of the whole account, which CloudFormation never takes back: a trial does without, and without logs.
      cloudWatchRole: isLogged,
      deployOptions: {
        stageName: STAGE_NAME,
        tracingEnabled: true,
        // By method, and billed as metrics of our own.
        metricsEnabled: settings.delivery.mode !== "lambda",
        loggingLevel: isLogged ? MethodLoggingLevel.ERROR : MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
        throttlingRateLimit: rate,
        throttlingBurstLimit: Math.min(rate, ACCOUNT_BURST),
        methodOptions: { ...methodOptions },
        ...(isLogged && this.#accessLogs({ settings, keys })),
      },
    });
    if (isLogged) this.#addErrorLogs({ settings, keys });
    this.#refuseOldTls();
    const isGuarded = hasApi(settings) && settings.api.waf;
    if (isGuarded) new WebAcl(this, "WebAcl", { settings, stageArn: this.api.deploymentStage.stageArn });
    this.#acknowledge(isLogged, isGuarded);
  }

  #accessLogs(stage: Pick<StageProps, "settings" | "keys">) {
    const logGroup = new PipelineLogs(this, "AccessLogs", {
      ...stage,
      logGroupName: "/confirmation-pipeline/api-access",
    });
    return {
      accessLogDestination: new LogGroupLogDestination(logGroup),
      accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
    };
  }

  /** API Gateway would create this one itself, without key and without end. */
  #addErrorLogs(stage: Pick<StageProps, "settings" | "keys">): void {
    const errorLogs = new PipelineLogs(this, "ErrorLogs", {
      ...stage,
      logGroupName: Fn.join("", ["API-Gateway-Execution-Logs_", this.api.restApiId, "/", STAGE_NAME]),
    });
    this.api.deploymentStage.node.addDependency(errorLogs);
  }

  /**
   * A regional endpoint takes TLS 1.0 unless it is told otherwise (API Gateway Developer Guide, "Security policies for
   * REST APIs"). This policy takes TLS 1.2 with forward secrecy, and 1.3. The mode lets a domain of one's own lead
   * here, whose policy is its own.
   */
  #refuseOldTls(): void {
    const api = this.api.node.defaultChild as CfnRestApi;
    api.securityPolicy = SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;
    api.endpointAccessMode = EndpointAccessMode.BASIC;
  }

  #acknowledge(isLogged: boolean, isGuarded: boolean): void {
    if (!isGuarded)
      Validations.of(this.api).acknowledge({
        id: "AwsSolutions-APIG3",
        reason:
          "What it takes is signed, or has an access token, and is validated and throttled. A web ACL is a setting, " +
          "as it is paid by the month.",
      });
    if (!isLogged) return this.#acknowledgeSilence();
    Validations.of(this.api).acknowledge({
      id: `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${LOGS_POLICY}]`,
      reason:
        "API Gateway logs through one role of the whole account and refuses one that allows less than " +
        "this policy of AWS.",
    });
  }

  #acknowledgeSilence(): void {
    const reason =
      "API Gateway logs through one role of the whole account, which CloudFormation does not take back: a disposable " +
      "stack leaves it alone. Its functions log what they are asked.";
    Validations.of(this.api).acknowledge({ id: "AwsSolutions-APIG1", reason }, { id: "AwsSolutions-APIG6", reason });
  }
}
