/**
 * What the CDK's own function may do that puts the console's files into their bucket, once a deployment: the rules find
 * wildcards in it, which are the CDK's.
 */
import { type CfnElement, Stack, Validations } from "aws-cdk-lib";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { IConstruct } from "constructs";

const SINGLETON = "Custom::CDKBucketDeployment";
const ACTIONS = ["s3:Abort*", "s3:DeleteObject*", "s3:GetBucket*", "s3:GetObject*", "s3:List*"];
const ASSETS = "arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*";

/** @param scope where a `BucketDeployment` to the bucket was made */
export function acknowledgeDeployment(scope: IConstruct, bucket: IBucket): void {
  const stack = Stack.of(scope);
  const files = `<${stack.getLogicalId(bucket.node.defaultChild as CfnElement)}.Arn>/*`;
  const wildcards = [...ACTIONS.map((action) => `Action::${action}`), `Resource::${files}`, `Resource::${ASSETS}`];
  const reason =
    "The CDK's function copies the console's files from the CDK's own bucket into theirs, and nothing else.";
  for (const singleton of stack.node.children.filter(({ node }) => node.id.startsWith(SINGLETON)))
    Validations.of(singleton).acknowledge(
      ...wildcards.map((wildcard) => ({ id: `AwsSolutions-IAM5[${wildcard}]`, reason })),
      { id: "AwsSolutions-IAM5[Resource::*]", reason: "It tells CloudFront that index.html is another one by now." },
      {
        id: "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",
        reason: "The role is the CDK's, and the policy lets it write to its log.",
      },
      { id: "AwsSolutions-L1", reason: "The CDK chooses the runtime of its own function, and raises it by itself." },
    );
}
