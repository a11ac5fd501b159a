/** The embedded S3 answers browsers as S3 does: by the rules of the template, whatever the response is. */
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { uploadForm } from "../../../core/aws/upload-policy.ts";
import { CREDENTIALS, REGION } from "../../../local/machine.ts";
import { usablePort } from "../../../local/processes/ports.ts";
import type { ProcessRegister } from "../../../local/processes/process-register.ts";
import { bucketCors } from "../../../local/s3/bucket-cors.ts";
import { corsHeaders, corsRulesOf } from "../../../local/s3/cors.ts";
import { createBuckets } from "../../../local/sqs/create-queues.ts";
import { type LocalSqs, startSqs } from "../../../local/sqs/start-sqs.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const directory = temporaryDirectory();
const CONSOLE = "https://console.example";
const OTHER = "https://other.example";
const FORM = {
  AllowedOrigins: [CONSOLE, "https://*.cloudfront.net"],
  AllowedMethods: ["POST"],
  ExposedHeaders: ["ETag"],
  MaxAge: 600,
};
const READ = { AllowedOrigins: ["*"], AllowedMethods: ["GET", "HEAD"], AllowedHeaders: ["X-Amz-*"] };

const bucketWith = (...CorsRules: readonly object[]) => ({
  logicalId: "Slips",
  type: "AWS::S3::Bucket",
  properties: { BucketName: "slips", CorsConfiguration: { CorsRules } },
});

describe("rules of a bucket", () => {
  const rules = corsRulesOf(bucketWith(FORM, READ));
  const originOf = (origin: string, method: string, headers: readonly string[] = []) =>
    corsHeaders(rules, { origin, method, headers })?.["access-control-allow-origin"];

  it("are for the origins that they name, of which one may have a star", () => {
    expect(originOf(CONSOLE, "POST")).toBe(CONSOLE);
    expect(originOf("https://d1.cloudfront.net", "POST")).toBe("https://d1.cloudfront.net");
    for (const origin of [
      OTHER,
      "http://console.example",
      "https://cloudfront.net",
      `${CONSOLE}.other.example`,
      "null",
    ])
      expect([origin, originOf(origin, "POST")]).toEqual([origin, undefined]);
  });

  it("are for their methods, and for their headers whatever the case", () => {
    expect(originOf(OTHER, "GET", ["x-amz-date"])).toBe("*");
    expect(originOf(OTHER, "GET", ["x-amz-date", "authorization"])).toBeUndefined();
    expect(originOf(CONSOLE, "PUT")).toBeUndefined();
    expect(originOf(CONSOLE, "POST", ["content-type"])).toBeUndefined();
  });

  it("say what a page may read, for how long, and that what comes differs by origin", () => {
    expect(corsHeaders(rules, { origin: CONSOLE, method: "POST" })).toEqual({
      "access-control-allow-origin": CONSOLE,
      "access-control-allow-methods": "POST",
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": "ETag",
      "access-control-max-age": "600",
      vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
    });
  });

  it("are none of a bucket without any, and refused where this machine does not know them", () => {
    expect(corsRulesOf({ ...bucketWith(), properties: {} })).toEqual([]);
    expect(() => corsRulesOf(bucketWith({ ...FORM, Colour: "red" }))).toThrow(/Slips .* with Colour; expected only/);
  });

  it("are those of the template, and one of the console of this machine", () => {
    const resources = { ofType: () => [bucketWith(FORM)], refOf: () => "slips" };
    expect(bucketCors(resources, undefined)["slips"]).toHaveLength(1);
    const [, ofConsole] = bucketCors(resources, { bucket: "slips", origin: "http://127.0.0.1:9329" })["slips"] ?? [];
    expect(ofConsole).toMatchObject({
      allowedOrigins: ["http://127.0.0.1:9329", "http://localhost:9329"],
      allowedMethods: ["POST"],
    });
  });
});

describe("the embedded S3", () => {
  const register = { note: () => undefined, forget: () => undefined, stopping: () => undefined } as const;
  let server: LocalSqs;
  let s3: S3Client;

  beforeAll(async () => {
    server = await startSqs({
      port: await usablePort(0, "SQS", ""),
      logDirectory: directory,
      register: { ...register, close: () => undefined } satisfies ProcessRegister,
    });
    const { endpoint } = server;
    s3 = new S3Client({ endpoint, region: REGION, credentials: CREDENTIALS, forcePathStyle: true });
    await createBuckets(s3, ["slips", "closed"]);
    await server.allowOrigins({ slips: corsRulesOf(bucketWith(FORM)), closed: [] });
  });
  afterAll(async () => {
    s3.destroy();
    await server.stop();
  });

  const preflight = (bucket: string, headers: Readonly<Record<string, string>>) =>
    fetch(`${server.endpoint}/${bucket}/`, { method: "OPTIONS", headers });
  const asking = (origin: string, method = "POST") => ({ origin, "access-control-request-method": method });

  async function send(origin: string, text: string, maxBytes = 10): Promise<Response> {
    const bounds = { bucket: "slips", key: "uploads/a", maxBytes, seconds: 900 };
    const { url, fields } = await uploadForm(s3, bounds, Date.now());
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", new Blob([text]));
    return fetch(url, { method: "POST", body: form, headers: { origin } });
  }

  it("answers a preflight of an origin that has a rule", async () => {
    const { status, headers } = await preflight("slips", asking(CONSOLE));
    expect([status, headers.get("access-control-allow-origin"), headers.get("access-control-allow-methods")]).toEqual([
      200,
      CONSOLE,
      "POST",
    ]);
    expect(headers.get("vary")).toContain("Origin");
  });

  it.each([
    ["of another origin", "slips", asking(OTHER), 403, "This CORS request is not allowed"],
    ["for another method", "slips", asking(CONSOLE, "PUT"), 403, "This CORS request is not allowed"],
    ["to a bucket without rules", "closed", asking(CONSOLE), 403, "CORS is not enabled"],
    ["that says no origin", "slips", { "access-control-request-method": "POST" }, 400, "Origin request header needed"],
  ])("refuses one %s", async (_what, bucket, headers, status, says) => {
    const response = await preflight(bucket, headers);
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([status, null]);
    expect(await response.text()).toContain(says);
  });

  it("lets that page read what came of its form, whether it was taken or refused", async () => {
    const taken = await send(CONSOLE, "0123456789");
    expect([taken.status, taken.headers.get("access-control-allow-origin")]).toEqual([204, CONSOLE]);
    expect(taken.headers.get("access-control-expose-headers")).toBe("ETag");
    const refused = await send(CONSOLE, "0123456789+");
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([400, CONSOLE]);
    expect(await refused.text()).toContain("<Code>EntityTooLarge</Code>");
  });

  it("says nothing of origins to others, of which a form is taken all the same", async () => {
    const { status, headers } = await send(OTHER, "0123456789");
    expect([status, headers.get("access-control-allow-origin")]).toEqual([204, null]);
  });
});
