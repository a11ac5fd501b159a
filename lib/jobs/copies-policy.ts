/**
 * What may be done with copies in the table `Jobs`, for who listens, and with nothing else there: the key
 * `dynamodb:LeadingKeys` lists the partition keys that a request names (DynamoDB Developer Guide, "Using IAM policy
 * conditions for fine-grained access control"). Puts of a transaction need the permission to put.
 */
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { COPY_KEY_PREFIXES } from "../../core/copies/copy-row.ts";

export function copiesPolicy(
  jobsTableArn: string,
  action: "dynamodb:PutItem" | "dynamodb:BatchGetItem",
): PolicyStatement {
  return new PolicyStatement({
    actions: [action],
    resources: [jobsTableArn],
    conditions: {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": COPY_KEY_PREFIXES.map((prefix) => `${prefix}*`) },
    },
  });
}
