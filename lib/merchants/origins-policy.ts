/**
 * What the programs that deliver may write of a merchant: what came of a challenge, and neither its address nor what it
 * is signed with.
 *
 * DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control": `dynamodb:Attributes` has
 * the top-level names of a request, those of its key and its conditions too, so the key is on the list; and an update
 * may return whole items whatever it writes, so `dynamodb:ReturnValues` is bounded as well. Where a request does not
 * say it, it is NONE (`IfExists`). `ForAllValues` holds for a request without any name too, which `Null` refuses (IAM
 * User Guide, "Set operators for multivalued context keys").
 */
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { ORIGINS } from "../../core/merchant/ownership.ts";
import { DELETED_AT } from "../../core/merchant/tombstone.ts";

/** All that `core/aws/merchant-origins.ts` names. */
export const WRITTEN_BY_CHALLENGES = ["merchantId", ORIGINS, DELETED_AT] as const;

export function originsPolicy(merchantsTableArn: string): PolicyStatement {
  return new PolicyStatement({
    actions: ["dynamodb:UpdateItem"],
    resources: [merchantsTableArn],
    conditions: {
      "ForAllValues:StringEquals": { "dynamodb:Attributes": [...WRITTEN_BY_CHALLENGES] },
      StringEqualsIfExists: { "dynamodb:ReturnValues": "NONE" },
      Null: { "dynamodb:Attributes": "false" },
    },
  });
}
