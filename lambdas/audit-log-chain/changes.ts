/** Records of the audit log's stream as changes of the chain. */
import type { DynamoDBRecord } from "aws-lambda";
import { chainedChange } from "../../core/audit-log/chain.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import type { NewChange } from "./append.ts";

const MS_A_SECOND = 1000;

export function changeOf({ eventID, eventName = "INSERT", dynamodb = {} }: DynamoDBRecord): NewChange {
  const item: AttributeMap = dynamodb.NewImage ?? dynamodb.OldImage ?? dynamodb.Keys ?? {};
  return {
    ...chainedChange(eventID ?? dynamodb.SequenceNumber ?? "", eventName, item),
    madeAt: (dynamodb.ApproximateCreationDateTime ?? 0) * MS_A_SECOND,
  };
}
