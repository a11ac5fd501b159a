/**
 * What the deployment itself needs: the roles of services before their first use, and the tables' deletion protection
 * after everything else. CloudFormation deletes in the opposite order, so that a rollback takes the protection off
 * first, and a deletion that is refused is refused before anything else of the stack goes.
 */
import { createHash } from "node:crypto";
import { ArnFormat, Aws, CustomResource, Duration, Lazy, Stack } from "aws-cdk-lib";
import type { CfnTable, Table } from "aws-cdk-lib/aws-dynamodb";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct, type IConstruct } from "constructs";
import { DELETION_PROTECTION, SERVICE_LINKED_ROLES } from "../../core/settings/names.ts";
import { deploymentGuardEnvironment } from "../../lambdas/deployment-guard/environment.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import type { StageProps } from "../stack/stage.ts";

const TIMEOUT = Duration.minutes(2);
/** For a step that nobody responds to; CloudFormation would wait for an hour. */
const STEP_TIMEOUT = Duration.minutes(10);
const EVERY = Duration.hours(1);

/** Services that act through a role of their own, and its name. */
const ROLES = {
  "ecs.amazonaws.com": "AWSServiceRoleForECS",
  "ecs.application-autoscaling.amazonaws.com": "AWSServiceRoleForApplicationAutoScaling_ECSService",
  "dynamodb.application-autoscaling.amazonaws.com": "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable",
} as const;

type LinkedService = keyof typeof ROLES;

export interface DeploymentGuardProps extends StageProps {
  readonly tables: Readonly<Record<"transactions" | "merchants" | "gates" | "audits" | "received", Table>>;
  /** Of the HTTP API, where there is one. */
  readonly apiTables: readonly Table[];
}

export class DeploymentGuard extends Construct {
  readonly #function: PipelineFunction;
  readonly #props: DeploymentGuardProps;
  readonly #tables: readonly Table[];

  constructor(scope: Construct, id: string, props: DeploymentGuardProps) {
    super(scope, id);
    this.#props = props;
    this.#tables = [...Object.values(props.tables), ...props.apiTables];
    const { transactions, merchants, gates, audits, received } = props.tables;
    this.#function = new PipelineFunction(this, "Function", {
      ...props,
      program: "deploymentGuard",
      description:
        "Protects the tables once all of the stack is there, and sees that they and the stack stay protected",
      timeout: TIMEOUT,
      environment: deploymentGuardEnvironment.write({
        stackId: Aws.STACK_ID,
        transactionsTable: transactions.tableName,
        merchantsTable: merchants.tableName,
        merchantGatesTable: gates.tableName,
        auditsTable: audits.tableName,
        receivedTable: received.tableName,
        apiTables: props.apiTables.map(({ tableName }) => tableName),
      }),
    });
    const tableArns = this.#tables.map(({ tableArn }) => tableArn);
    this.#function.allow(["dynamodb:DescribeTable", "dynamodb:UpdateTable"], tableArns);
    this.#function.allow(["cloudformation:DescribeStacks", "cloudformation:DescribeStackEvents"], [Aws.STACK_ID]);
    if (!props.settings.disposable) this.#lookByTheClock();
  }

  /** Of services that a new account has no role for yet: before what uses them. */
  createRolesBefore(usedBy: Readonly<Partial<Record<LinkedService, readonly IConstruct[]>>>): void {
    const services = (Object.keys(ROLES) as LinkedService[]).filter((service) => (usedBy[service] ?? []).length > 0);
    if (services.length === 0) return;
    for (const service of services)
      this.#function.addToRolePolicy(
        new PolicyStatement({
          actions: ["iam:CreateServiceLinkedRole"],
          resources: [roleArn(this, service)],
          conditions: { StringEquals: { "iam:AWSServiceName": service } },
        }),
      );
    const roles = new CustomResource(this, "ServiceLinkedRoles", {
      serviceToken: this.#function.functionArn,
      serviceTimeout: STEP_TIMEOUT,
      resourceType: SERVICE_LINKED_ROLES,
      properties: { Services: services },
    });
    for (const user of Object.values(usedBy).flat()) user.node.addDependency(roles);
  }

  /** @param pipeline all that has to be there before, but for what is in here */
  protectAfter(pipeline: IConstruct): void {
    const { settings } = this.#props;
    const protection = new CustomResource(this, "Protection", {
      serviceToken: this.#function.functionArn,
      serviceTimeout: STEP_TIMEOUT,
      resourceType: DELETION_PROTECTION,
      properties: {
        Tables: this.#tables.map(({ tableName }) => tableName),
        Protect: !settings.disposable,
        // An update of a table may take its protection off: one of the template is followed by one of this.
        Definitions: Lazy.string({ produce: () => definitionsOf(this.#tables) }),
      },
    });
    const others = [...pipeline.node.children, ...this.node.children];
    for (const part of others) if (part !== this && part !== protection) protection.node.addDependency(part);
  }

  #lookByTheClock(): void {
    const target = { retryAttempts: 0, maxEventAge: EVERY };
    this.#function.configureAsyncInvoke(target);
    new Rule(this, "EveryHour", {
      description: "Looks whether tables and stack are protected from deletion",
      schedule: Schedule.rate(EVERY),
      targets: [new LambdaFunction(this.#function, target)],
    });
  }
}

function roleArn(scope: Construct, service: LinkedService): string {
  return Stack.of(scope).formatArn({
    service: "iam",
    region: "",
    resource: "role",
    resourceName: `aws-service-role/${service}/${ROLES[service]}`,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
}

/** Short, and another one when a table's part of the template is another one. */
function definitionsOf(tables: readonly Table[]): string {
  const definitions = tables.map((table) => {
    const shape = table.node.defaultChild as CfnTable;
    return Stack.of(table).resolve((shape as unknown as { _toCloudFormation(): object })._toCloudFormation());
  });
  return createHash("sha256").update(JSON.stringify(definitions)).digest("hex").slice(0, 16);
}
