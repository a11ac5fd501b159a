/**
 * What the audit may write of a merchant: that it is found by the beginning of its id, and nothing else. As
 * `origins-policy.ts` says, names of a request are those of its key and its conditions too.
 */
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { ID_START } from "../../core/merchant/id-start.ts";
import { DELETED_AT } from "../../core/merchant/tombstone.ts";

/** All that `core/aws/list-merchant.ts` names. */
const WRITTEN_BY_LISTING = ["merchantId", ID_START, DELETED_AT] as const;

export function listingPolicy(merchantsTableArn: string): PolicyStatement {
  return new PolicyStatement({
    actions: ["dynamodb:UpdateItem"],
    resources: [merchantsTableArn],
    conditions: {
      "ForAllValues:StringEquals": { "dynamodb:Attributes": [...WRITTEN_BY_LISTING] },
      StringEqualsIfExists: { "dynamodb:ReturnValues": "NONE" },
      Null: { "dynamodb:Attributes": "false" },
    },
  });
}
