/**
 * What a stack of another system may be granted on the pipeline. Written out action by action: the grants of the CDK
 * give more than is meant, and none of them knows that a key goes with it.
 */
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";

interface Encrypted {
  readonly resourceArns: readonly string[];
  readonly actions: readonly string[];
}

/** What is read is decrypted in the caller's name, what is written is encrypted too. */
const TO_READ = ["kms:Decrypt", "kms:DescribeKey"];
const TO_WRITE = [...TO_READ, "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"];

export const WRITES_ROWS = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem"];
export const READS_ROWS = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"];
export const READS_STREAM = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"];
export const TAKES_MESSAGES = [
  "sqs:ChangeMessageVisibility",
  "sqs:DeleteMessage",
  "sqs:GetQueueAttributes",
  "sqs:GetQueueUrl",
  "sqs:ReceiveMessage",
];

export function grantWrite(grantee: IGrantable, key: IKey, access: Encrypted): Grant {
  return grant(grantee, key, TO_WRITE, access);
}

export function grantReadOnly(grantee: IGrantable, key: IKey, access: Encrypted): Grant {
  return grant(grantee, key, TO_READ, access);
}

function grant(grantee: IGrantable, key: IKey, toUse: readonly string[], { resourceArns, actions }: Encrypted): Grant {
  const onData = Grant.addToPrincipal({ grantee, actions: [...actions], resourceArns: [...resourceArns] });
  return onData.combine(key.grant(grantee, ...toUse));
}
