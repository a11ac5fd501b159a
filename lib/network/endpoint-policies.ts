/**
 * What may be asked for through the endpoints of the network: what is this account's, by whoever is this account's. A
 * worker that was taken over could otherwise carry data to another account's tables, queues or buckets without leaving
 * the network. Layers of images are in buckets of the registry itself.
 */
import { Aws } from "aws-cdk-lib";
import { AnyPrincipal, PolicyStatement } from "aws-cdk-lib/aws-iam";

/** @param action such as `sqs:*` */
export function ownAccountOnly(action: string): PolicyStatement {
  return new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: [action],
    resources: ["*"],
    conditions: {
      StringEquals: { "aws:PrincipalAccount": Aws.ACCOUNT_ID, "aws:ResourceAccount": Aws.ACCOUNT_ID },
    },
  });
}

/** Queues of others that channels send to: what is in the settings, and no more. */
export function listedQueues(queueArns: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: ["sqs:SendMessage"],
    resources: [...queueArns],
    conditions: { StringEquals: { "aws:PrincipalAccount": Aws.ACCOUNT_ID } },
  });
}

/** It knows no resource, so that no account can be asked of it. */
export function registryToken(): PolicyStatement {
  return new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: ["ecr:GetAuthorizationToken"],
    resources: ["*"],
    conditions: { StringEquals: { "aws:PrincipalAccount": Aws.ACCOUNT_ID } },
  });
}

/** Files of the journal, and nothing else of its bucket. */
export function journalFiles(filesArn: string): PolicyStatement {
  return new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: ["s3:PutObject", "s3:PutObjectRetention"],
    resources: [filesArn],
    conditions: {
      StringEquals: { "aws:PrincipalAccount": Aws.ACCOUNT_ID, "aws:ResourceAccount": Aws.ACCOUNT_ID },
    },
  });
}

/** Amazon ECR User Guide, "Minimum Amazon S3 bucket permissions for Amazon ECR". */
export function imageLayers(): PolicyStatement {
  return new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: ["s3:GetObject"],
    resources: [`arn:${Aws.PARTITION}:s3:::prod-${Aws.REGION}-starport-layer-bucket/*`],
  });
}
