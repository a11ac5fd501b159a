/** CORS of each bucket of a stack: what its template says, and the console of this machine, where no CloudFront is. */
import type { Resources } from "../assembly/resources.ts";
import { UPLOAD_METHODS } from "../../lib/console/console-policy.ts";
import { LOOPBACK } from "../machine.ts";
import { type BucketCors, corsRulesOf } from "./cors.ts";

export interface ConsoleUploads {
  /** To which pages of the console upload files. */
  readonly bucket: string;
  /** Of the console, `http://127.0.0.1:<port>`. */
  readonly origin: string;
}

/** @throws LocalError for a rule that this machine does not know */
export function bucketCors(
  resources: Pick<Resources, "ofType" | "refOf">,
  uploads: ConsoleUploads | undefined,
): BucketCors {
  const cors = Object.fromEntries(
    resources.ofType("AWS::S3::Bucket").map((bucket) => [resources.refOf(bucket.logicalId), corsRulesOf(bucket)]),
  );
  if (uploads === undefined) return cors;
  const { bucket, origin } = uploads;
  const ofConsole = {
    // It serves both.
    allowedOrigins: [origin, origin.replace(LOOPBACK, "localhost")],
    allowedMethods: UPLOAD_METHODS,
    allowedHeaders: [],
    exposedHeaders: [],
  };
  return { ...cors, [bucket]: [...(cors[bucket] ?? []), ofConsole] };
}
