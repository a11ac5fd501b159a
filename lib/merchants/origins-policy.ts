/**
 * What the programs that deliver may write of a merchant: what came of a challenge, and neither its address nor what it
 * is signed with. The key `dynamodb:Attributes` lists the top-level attributes that a request names anywhere (DynamoDB
 * Developer Guide, "Using IAM policy conditions for fine-grained access control").
 */
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { ORIGINS } from "../../core/merchant/ownership.ts";
import { DELETED_AT } from "../../core/merchant/tombstone.ts";

/** All that `core/aws/merchant-origins.ts` names. */
const WRITTEN_BY_CHALLENGES = ["merchantId", ORIGINS, DELETED_AT] as const;

export function originsPolicy(merchantsTableArn: string): PolicyStatement {
  return new PolicyStatement({
    actions: ["dynamodb:UpdateItem"],
    resources: [merchantsTableArn],
    conditions: {
      "ForAllValues:StringEquals": { "dynamodb:Attributes": [...WRITTEN_BY_CHALLENGES] },
      StringEqualsIfExists: { "dynamodb:ReturnValues": "NONE" },
    },
  });
}
