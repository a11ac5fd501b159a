/**
 * Holds a form that uploads a file against its policy, as S3 does: the signature, the time until which it holds, each
 * field against a condition, and the length of the file. `fauxqs` takes any form.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
import { isDeepStrictEqual } from "node:util";
import { signingKey } from "../../core/aws/s3-signer.ts";
import { isObject } from "../assembly/template.ts";
import type { LocalCredentials } from "../local-stack.ts";
import type { UploadedForm } from "./upload-form.ts";

export interface UploadRefusal {
  readonly status: 400 | 403;
  /** Of S3's list of errors. */
  readonly code: string;
  readonly message: string;
}

export interface JudgeUploadOptions {
  readonly bucket: string;
  readonly credentials: LocalCredentials;
  readonly nowMs: number;
}

/** Fields that need no condition (see above, "Condition matching"). */
const WITHOUT_CONDITION = new Set(["policy", "x-amz-signature", "file"]);
const IGNORED = "x-ignore-";

/** @returns undefined for one that may be put */
export function judgeUpload(
  { fields, fileBytes }: UploadedForm,
  { bucket, credentials, nowMs }: JudgeUploadOptions,
): UploadRefusal | undefined {
  const { policy: encoded, "x-amz-signature": signature, "x-amz-credential": credential = "" } = fields;
  if (encoded === undefined || signature === undefined) return denied("Access Denied");
  const [accessKeyId, ...scope] = credential.split("/");
  if (accessKeyId !== credentials.accessKeyId)
    return { status: 403, code: "InvalidAccessKeyId", message: "The AWS Access Key Id you provided does not exist." };
  if (signingKey(credentials.secretAccessKey, scope.join("/")).sign("hex", encoded) !== signature)
    return { status: 403, code: "SignatureDoesNotMatch", message: "The signature does not match the policy." };
  const policy = parsed(encoded);
  if (policy === undefined)
    return { status: 400, code: "InvalidPolicyDocument", message: "The policy is no JSON of the form that S3 knows." };
  if (!(Date.parse(policy.expiration) > nowMs)) return denied("Invalid according to Policy: Policy expired.");
  if (fileBytes === undefined)
    return { status: 400, code: "InvalidArgument", message: "POST requires exactly one file upload per request." };
  const conditions = policy.conditions.flatMap(conditionsOf);
  for (const condition of conditions) {
    const refusal = unmet(condition, { ...fields, bucket }, fileBytes);
    if (refusal !== undefined) return refusal;
  }
  const named = new Set(conditions.flatMap((condition) => (condition.kind === "length" ? [] : [condition.field])));
  const extra = Object.keys(fields).find(
    (name) => !WITHOUT_CONDITION.has(name) && !name.startsWith(IGNORED) && !named.has(name),
  );
  return extra === undefined ? undefined : denied(`Invalid according to Policy: Extra input fields: ${extra}`);
}

type Condition =
  | { readonly kind: "eq" | "starts-with"; readonly field: string; readonly value: string }
  | { readonly kind: "length"; readonly from: number; readonly to: number };

function conditionsOf(condition: unknown): Condition[] {
  if (isObject(condition))
    return Object.entries(condition).map(([field, value]) => ({
      kind: "eq",
      field: field.toLowerCase(),
      value: String(value),
    }));
  const [kind, field, value] = condition as readonly [string, unknown, unknown];
  if (kind === "content-length-range") return [{ kind: "length", from: Number(field), to: Number(value) }];
  const name = String(field).replace(/^\$/, "").toLowerCase();
  return [{ kind: kind === "starts-with" ? "starts-with" : "eq", field: name, value: String(value) }];
}

function unmet(
  condition: Condition,
  fields: Readonly<Record<string, string>>,
  fileBytes: number,
): UploadRefusal | undefined {
  if (condition.kind === "length") {
    if (fileBytes > condition.to)
      return { status: 400, code: "EntityTooLarge", message: "Your proposed upload exceeds the maximum allowed size" };
    return fileBytes < condition.from
      ? {
          status: 400,
          code: "EntityTooSmall",
          message: "Your proposed upload is smaller than the minimum allowed size",
        }
      : undefined;
  }
  const { kind, field, value } = condition;
  const given = fields[field] ?? "";
  const isMet = kind === "eq" ? isDeepStrictEqual(given, value) : given.startsWith(value);
  return isMet
    ? undefined
    : denied(`Invalid according to Policy: Policy Condition failed: ["${kind}", "$${field}", "${value}"]`);
}

function parsed(encoded: string): { readonly expiration: string; readonly conditions: readonly unknown[] } | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, "base64").toString("utf8"));
    if (!isObject(value) || typeof value["expiration"] !== "string" || !Array.isArray(value["conditions"]))
      return undefined;
    const conditions = value["conditions"] as unknown[];
    if (!conditions.every((one) => isObject(one) || Array.isArray(one))) return undefined;
    return { expiration: value["expiration"], conditions };
  } catch {
    return undefined;
  }
}

function denied(message: string): UploadRefusal {
  return { status: 403, code: "AccessDenied", message };
}
