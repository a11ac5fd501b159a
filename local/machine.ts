/**
 * The account and region that this machine plays, and how any AWS client reaches its parts. Real region name, since
 * SDKs check it; an account of zeros, since the embedded servers use it. Credentials are only there to be sent.
 */
import type { LocalCredentials, LocalEndpoints } from "./local-stack.ts";

export const LOOPBACK = "127.0.0.1";
export const REGION = "us-east-1";
export const ACCOUNT_ID = "000000000000";
export const PARTITION = "aws";
export const URL_SUFFIX = "amazonaws.com";
export const CREDENTIALS: LocalCredentials = { accessKeyId: "local", secretAccessKey: "local" };

export function arnOf(service: string, resource: string): string {
  return `arn:${PARTITION}:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
}

/** The variables that every AWS SDK and the AWS CLI read by themselves. */
export function awsEnvironment(
  endpoints: Omit<LocalEndpoints, "api" | "console" | "issuer">,
  { accessKeyId, secretAccessKey } = CREDENTIALS,
): Record<string, string> {
  return {
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: endpoints.dynamodb,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_SNS: endpoints.sqs,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    AWS_ENDPOINT_URL_CLOUDWATCH: endpoints.cloudwatch,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: endpoints.cloudwatch,
    AWS_ENDPOINT_URL_XRAY: endpoints.lambda,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.cloudwatch,
    AWS_ENDPOINT_URL_SESV2: endpoints.cloudwatch,
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: endpoints.cloudwatch,
    AWS_ENDPOINT_URL_SOCIALMESSAGING: endpoints.cloudwatch,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secrets,
    AWS_ENDPOINT_URL_KMS: endpoints.kms,
    AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda,
  };
}
