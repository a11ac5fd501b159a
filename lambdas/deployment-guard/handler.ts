/**
 * `deployment-guard`: what the deployment of the stack needs beside its resources. As a custom resource it sees to the
 * roles of services before their first use, and to the protection of the tables after everything; by the clock it looks
 * whether that is still on. Wires only.
 */
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IAMClient } from "@aws-sdk/client-iam";
import type { Context } from "aws-lambda";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { FUNCTION_LIMITS } from "../../core/aws/call-limits.ts";
import { type CustomResourceEvent, isCustomResourceEvent, respondTo } from "../../core/aws/custom-resource.ts";
import { Invocation } from "../../core/aws/invocation.ts";
import { pipelineLogger } from "../../core/aws/logger.ts";
import { ensureServiceLinkedRole } from "../../core/aws/service-linked-role.ts";
import { stackLife, statusBeforeDeletion } from "../../core/aws/stack-life.ts";
import { isProtected } from "../../core/aws/table-protection.ts";
import { SERVICE_LINKED_ROLES } from "../../core/settings/names.ts";
import { checkProtection } from "./check-protection.ts";
import { deploymentGuardEnvironment } from "./environment.ts";
import { protectTables } from "./protect-tables.ts";

const { stackId, apiTables, ...tables } = deploymentGuardEnvironment.read();
const logger = pipelineLogger();
const invocation = new Invocation();
const limits = { ...FUNCTION_LIMITS, leftMs: invocation.leftMs };
const dynamodb = boundedClient(DynamoDBClient, limits);
const cloudformation = boundedClient(CloudFormationClient, limits);
const iam = boundedClient(IAMClient, limits);

export async function handler(event: unknown, context: Context): Promise<void> {
  logger.addContext(context);
  invocation.begin(context);
  if (isCustomResourceEvent(event))
    return respondTo(
      event,
      () => carryOut(event),
      (text, details) => logger.warn(text, details),
    );
  return checkProtection({
    tables: [...Object.values(tables), ...apiTables],
    stackLife: () => stackLife(cloudformation, stackId),
    isTableProtected: (table) => isProtected(dynamodb, table),
  });
}

async function carryOut(event: CustomResourceEvent): Promise<string | undefined> {
  if (event.ResourceType !== SERVICE_LINKED_ROLES)
    return protectTables(event, {
      dynamodb,
      stackStatus: async () => (await stackLife(cloudformation, event.StackId)).status,
      statusBeforeDeletion: () => statusBeforeDeletion(cloudformation, event.StackId),
    });
  if (event.RequestType === "Delete") return undefined;
  const { Services = [] } = event.ResourceProperties as { readonly Services?: readonly string[] };
  for (const service of Services) await ensureServiceLinkedRole(iam, service);
  return undefined;
}
