/**
 * The shape that all functions of the pipeline share: runtime and processor, one bundle, an own log group with
 * retention and key, active tracing, and a role that can do nothing but log and trace until its stage allows more.
 */
import { type Duration, Validations } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  type FunctionProps,
  type RecursiveLoop,
  Runtime,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { physicalName } from "../../core/settings/physical-names.ts";
import { DEPLOYMENT_FUNCTION_NAMES, FUNCTION_NAMES, METRICS_NAMESPACE } from "../../core/settings/names.ts";
import { PipelineLogs } from "../logs/logs.ts";
import { checkEnvironmentSize } from "./environment-size.ts";
import type { StageProps } from "../stack/stage.ts";

export interface PipelineFunctionProps extends StageProps {
  readonly program: keyof typeof SERVICES;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  /** @default 512, about a third of a vCPU */
  readonly memoryMiB?: number;
  /** Whether it may send to the queue that triggers it. @default Lambda ends such a loop after 16 turns */
  readonly recursiveLoop?: RecursiveLoop;
  /** @default none: it shares what the account has */
  readonly reservedConcurrency?: number | undefined;
}

const SERVICES = { ...FUNCTION_NAMES, ...DEPLOYMENT_FUNCTION_NAMES };
const DEFAULT_MEMORY_MIB = 512;

export class PipelineFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: PipelineFunctionProps) {
    super(scope, id, shapeOf(scope, id, props));
  }

  /**
   * Lets the function make these calls on these resources; written out, since the grants of CDK give more than a
   * program uses.
   */
  allow(actions: readonly string[], resources: readonly string[]): void {
    this.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }
}

function shapeOf(scope: Construct, id: string, props: PipelineFunctionProps): FunctionProps {
  const service = SERVICES[props.program];
  const environment = {
    POWERTOOLS_SERVICE_NAME: service,
    POWERTOOLS_METRICS_NAMESPACE: physicalName(props.settings, METRICS_NAMESPACE),
    POWERTOOLS_LOG_LEVEL: "INFO",
    ...props.environment,
  };
  checkEnvironmentSize(service, environment);
  const logGroup = new PipelineLogs(scope, `${id}Logs`, { ...props, logGroupName: `/aws/lambda/${service}` });
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  logGroup.grantWrite(role);
  Validations.of(role).acknowledge({
    id: "AwsSolutions-IAM5[Resource::*]",
    reason:
      "X-Ray, CloudWatch GetMetricData and DescribeAlarms know no resources, and ListStreams lists the streams of " +
      "all tables; a test holds what is allowed on * down to these.",
  });
  return {
    functionName: physicalName(props.settings, service),
    description: props.description,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(props.bundles[props.program]),
    handler: "index.handler",
    role,
    logGroup,
    tracing: Tracing.ACTIVE,
    timeout: props.timeout,
    memorySize: props.memoryMiB ?? DEFAULT_MEMORY_MIB,
    ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
    ...(props.recursiveLoop !== undefined && { recursiveLoop: props.recursiveLoop }),
    environment,
  };
}
