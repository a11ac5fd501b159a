/** A form that the API made is put; with one thing changed it is refused, as S3 refuses it. */
import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "@jest/globals";
import { uploadForm } from "../../../core/aws/upload-policy.ts";
import { CREDENTIALS, REGION } from "../../../local/machine.ts";
import { judgeUpload } from "../../../local/s3/judge-upload.ts";
import { uploadedForm } from "../../../local/s3/upload-form.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const client = new S3Client({ region: REGION, credentials: CREDENTIALS });
const made = () => uploadForm(client, { bucket: "imports", key: "uploads/j-1", maxBytes: 10, seconds: 900 }, NOW);
const options = { bucket: "imports", credentials: CREDENTIALS, nowMs: NOW };

const judged = async (
  change: Readonly<Record<string, string>> = {},
  { fileBytes = 10, ...more }: { fileBytes?: number; nowMs?: number; bucket?: string } = {},
) => judgeUpload({ fields: { ...(await made()).fields, ...change }, fileBytes }, { ...options, ...more })?.code;

describe("an upload by a form", () => {
  it("goes to the bucket, and is taken as it was made", async () => {
    expect((await made()).url).toBe(`https://imports.s3.${REGION}.amazonaws.com/`);
    expect(await judged()).toBeUndefined();
  });

  it.each([
    ["another key", { key: "uploads/j-2" }, "AccessDenied"],
    ["a field that the policy does not name", { acl: "public-read" }, "AccessDenied"],
    ["another policy", { policy: Buffer.from("{}").toString("base64") }, "SignatureDoesNotMatch"],
    ["another signature", { "x-amz-signature": "00" }, "SignatureDoesNotMatch"],
    ["another's credentials", { "x-amz-credential": "other/scope" }, "InvalidAccessKeyId"],
  ])("is refused with %s", async (_, change, code) => {
    expect(await judged(change)).toBe(code);
  });

  it("is refused where it is too large, empty, late or for another bucket", async () => {
    expect(await judged({}, { fileBytes: 11 })).toBe("EntityTooLarge");
    expect(await judged({}, { fileBytes: 0 })).toBe("EntityTooSmall");
    expect(await judged({}, { nowMs: NOW + 900_000 })).toBe("AccessDenied");
    expect(await judged({}, { bucket: "manifests" })).toBe("AccessDenied");
  });

  it("is refused without a policy", () => {
    expect(judgeUpload({ fields: { key: "uploads/j-1" }, fileBytes: 1 }, options)?.code).toBe("AccessDenied");
  });
});

describe("a form", () => {
  it("has its fields, and how long its file is, whatever is in the file", async () => {
    const form = new FormData();
    form.append("Key", "uploads/j-1");
    form.append("file", new Blob(["a\r\n--b\r\n\r\nc"]), "x.csv");
    form.append("late", "counts for nothing");
    const request = new Request("http://localhost/", { method: "POST", body: form });
    const body = Buffer.from(await request.arrayBuffer());
    expect(uploadedForm(request.headers.get("content-type") ?? "", body)).toEqual({
      fields: { key: "uploads/j-1" },
      fileBytes: 11,
    });
  });
});
