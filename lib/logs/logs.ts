/**
 * A log group of the pipeline. Each is created here and not by the service that writes to it,
 * so that every line is encrypted with our key and goes when its retention is over.
 */
import { Token } from "aws-cdk-lib";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { physicalLogGroup } from "../../core/settings/physical-names.ts";
import { type StageProps } from "../stack/stage.ts";
import { durable } from "../stack/removal-policy.ts";

export const WORKER_LOG_GROUP = "/confirmation-pipeline/confirmation-worker";
export const NETWORK_FLOWS_LOG_GROUP = "/confirmation-pipeline/network-flows";

export interface PipelineLogsProps extends Pick<StageProps, "settings" | "keys"> {
  readonly logGroupName: string;
}

export class PipelineLogs extends LogGroup {
  constructor(scope: Construct, id: string, { settings, keys, logGroupName }: PipelineLogsProps) {
    super(scope, id, {
      // API Gateway itself names one, which is a reference.
      logGroupName: Token.isUnresolved(logGroupName) ? logGroupName : physicalLogGroup(settings, logGroupName),
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- settings allow the periods of CloudWatch and
      // no other number
      retention: settings.retention.logDays as RetentionDays,
      encryptionKey: keys.operations,
      removalPolicy: durable(settings),
    });
  }
}
