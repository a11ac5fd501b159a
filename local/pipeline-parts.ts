/**
 * What of a template is the pipeline's own, found by its names: a stack holds other tables, queues, functions and APIs
 * beside it, and need not have outputs that name its parts.
 */
import {
  API_NAME,
  CONFIRMATIONS_QUEUE_NAME,
  DEAD_LETTER_QUEUE_NAME,
  FUNCTION_NAMES,
  MERCHANTS_TABLE_NAME,
  ORDERED_QUEUE_NAME,
  TRANSACTIONS_TABLE_NAME,
} from "../core/settings/names.ts";
import { physicalName } from "../core/settings/physical-names.ts";
import type { Settings } from "../core/settings/settings.ts";
import { signingKeysEnvironment } from "../lambdas/signing-keys/environment.ts";
import type { Resources } from "./assembly/resources.ts";
import { isObject, objectOf, type ResolvedResource, textOf } from "./assembly/template.ts";
import { LocalError } from "./local-error.ts";

export interface PipelineParts {
  readonly transactionsTable: string;
  readonly merchantsTable: string;
  readonly confirmationsQueueUrl: string;
  readonly orderedQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly masterKeysSecretArn: string;
  /** Of its REST API: the first part of each path. */
  readonly stage: string;
}

/** @throws LocalError LOCAL_TEMPLATE_UNSUPPORTED where a part is not there under its name */
export function pipelineParts(resources: Resources, settings: Settings): PipelineParts {
  const part = (type: string, nameProperty: string, inCode: string): ResolvedResource => {
    const name = physicalName(settings, inCode);
    const found = resources.ofType(type).find(({ properties }) => properties[nameProperty] === name);
    if (found !== undefined) return found;
    throw new LocalError(
      "LOCAL_TEMPLATE_UNSUPPORTED",
      `The stack has no ${type} with the name ${name}, expected the pipeline's; hand the settings that the app is ` +
        "given on to its ConfirmationPipeline, and place it in the stack that is brought up.",
    );
  };
  const table = (inCode: string) => resources.refOf(part("AWS::DynamoDB::Table", "TableName", inCode).logicalId);
  const queueUrl = (inCode: string) => resources.refOf(part("AWS::SQS::Queue", "QueueName", inCode).logicalId);
  const signing = part("AWS::Lambda::Function", "FunctionName", FUNCTION_NAMES.signingKeys);
  const { Variables: variables = {} } = objectOf(signing, "Environment");
  const { masterKeysSecretArn } = signingKeysEnvironment.names;
  const restApiId = resources.refOf(part("AWS::ApiGateway::RestApi", "Name", API_NAME).logicalId);
  const stage = resources
    .ofType("AWS::ApiGateway::Stage")
    .find(({ properties }) => properties["RestApiId"] === restApiId);
  return {
    transactionsTable: table(TRANSACTIONS_TABLE_NAME),
    merchantsTable: table(MERCHANTS_TABLE_NAME),
    confirmationsQueueUrl: queueUrl(CONFIRMATIONS_QUEUE_NAME),
    orderedQueueUrl: queueUrl(ORDERED_QUEUE_NAME),
    deadLetterQueueUrl: queueUrl(DEAD_LETTER_QUEUE_NAME),
    masterKeysSecretArn: isObject(variables) ? String(variables[masterKeysSecretArn]) : "",
    stage: stage === undefined ? "" : textOf(stage, "StageName"),
  };
}
