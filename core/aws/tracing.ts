/**
 * X-Ray, behind this one module: its SDK is in maintenance mode, so that OpenTelemetry can take its place here and
 * nowhere else. Reads the two variables that Lambda itself sets; one of them changes with every invocation, so it is no
 * configuration.
 */
import AWSXRay from "aws-xray-sdk-core";

const HEADER_VARIABLE = "_X_AMZN_TRACE_ID";
const DAEMON_VARIABLE = "AWS_XRAY_DAEMON_ADDRESS";

type Client = Parameters<typeof AWSXRay.captureAWSv3Client>[0];

/** Trace header of the invocation that is under way, in the form of `AWSTraceHeader`; undefined outside Lambda. */
export function currentTraceHeader(): string | undefined {
  return process.env[HEADER_VARIABLE];
}

/** Makes a client's calls subsegments of the invocation; where no X-Ray daemon runs, the client stays as it is. */
export function traced<T extends Client>(client: T): T {
  if (process.env[DAEMON_VARIABLE] === undefined) return client;
  AWSXRay.setContextMissingStrategy("IGNORE_ERROR");
  return AWSXRay.captureAWSv3Client(client);
}
