import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { apiApp } from "../../../core/api/api-app.ts";
import { manifestKey } from "../../../core/aws/manifest-bucket.ts";
import { ManifestFiles } from "../../../core/aws/manifest-files.ts";
import { presignedUrl } from "../../../core/aws/presigned-url.ts";
import { listManifests } from "../../../lambdas/confirmations-api/routes/audit/list-manifests.ts";
import { CREDENTIALS } from "../../../local/machine.ts";
import { usablePort } from "../../../local/processes/ports.ts";
import type { ProcessRegister } from "../../../local/processes/process-register.ts";
import { type LocalSqs, startSqs } from "../../../local/sqs/start-sqs.ts";
import { temporaryDirectory } from "../../local/temporary-directory.ts";

const logDirectory = temporaryDirectory();
const register: ProcessRegister = {
  note: () => undefined,
  forget: () => undefined,
  stopping: () => undefined,
  close: () => undefined,
};
const BUCKET = "manifests";
const ODD_ID = "shop/ä";

let server: LocalSqs;
let s3: S3Client;
let app: ReturnType<typeof apiApp>;

beforeAll(async () => {
  const port = await usablePort(0, "S3", "");
  server = await startSqs({ port, logDirectory, register });
  const { endpoint } = server;
  s3 = new S3Client({ endpoint, region: "eu-west-1", credentials: CREDENTIALS, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const put = async (merchantId: string, day: string, name: string) =>
    s3.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: manifestKey(merchantId, day, name), Body: `${merchantId} ${name}` }),
    );
  for (const day of ["2026-11-20", "2026-11-21", "2026-11-22"])
    for (const name of ["lines-a.jsonl", "manifest-1.jsonl", "manifest-2.jsonl"]) await put("acme", day, name);
  await put("acme-2", "2026-11-25", "manifest-1.jsonl");
  await put(ODD_ID, "2026-11-20", "manifest-1.jsonl");
  app = apiApp({ logError: () => undefined, maxBodyBytes: 1000 });
  listManifests(app, {
    registry: { read: async (id) => (["acme", ODD_ID].includes(id) ? { merchantId: { S: id } } : undefined) },
    manifests: new ManifestFiles(s3, BUCKET),
    urlOf: (key, seconds) => presignedUrl(s3, { bucket: BUCKET, key }, Date.now(), seconds),
    nowMs: Date.now,
  });
});
afterAll(async () => {
  s3.destroy();
  await server.stop();
});

interface Page {
  readonly items: readonly { readonly day: string; readonly name: string; readonly url: string }[];
  readonly nextCursor?: string;
}

async function get(path: string, merchantId = "") {
  const authorizer = { subject: "tests", clientId: "client", scopes: "audit:read", merchantId };
  const response = await app.request(`/v1/merchants/${path}`, {}, { requestContext: { requestId: "r", authorizer } });
  return { status: response.status, body: (await response.json()) as Page };
}

describe("manifests", () => {
  it("are listed by day, oldest first and page by page, of one merchant alone", async () => {
    const days: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await get(`acme/manifests?limit=2${cursor === undefined ? "" : `&cursor=${cursor}`}`);
      days.push(...body.items.map(({ day }) => day));
      cursor = body.nextCursor;
    } while (cursor !== undefined);
    expect(days).toEqual(["2026-11-20", "2026-11-21", "2026-11-22"]);
    const from = await get("acme/manifests?from=2026-11-21");
    expect(from.body.items.map(({ day }) => day)).toEqual(["2026-11-21", "2026-11-22"]);
  });

  it("come with URLs that read each file of a day without a token, for a while", async () => {
    const { status, body } = await get("acme/manifests/2026-11-21");
    expect(status).toBe(200);
    expect(body).toMatchObject({ merchantId: "acme", day: "2026-11-21", urlsExpireAt: expect.any(String) });
    const texts = await Promise.all(body.items.map(async ({ url }) => (await fetch(url)).text()));
    expect(body.items.map(({ name }) => name)).toEqual(["lines-a.jsonl", "manifest-1.jsonl", "manifest-2.jsonl"]);
    expect(texts).toEqual(["acme lines-a.jsonl", "acme manifest-1.jsonl", "acme manifest-2.jsonl"]);
    expect(new URL(body.items[0]?.url ?? "").searchParams.get("X-Amz-Expires")).toBe("300");
    const [first] = (await get("acme/manifests/2026-11-21?limit=1")).body.items;
    const { nextCursor } = (await get("acme/manifests/2026-11-21?limit=1")).body;
    const rest = await get(`acme/manifests/2026-11-21?limit=9&cursor=${nextCursor}`);
    expect([first?.name, ...rest.body.items.map(({ name }) => name)]).toEqual(body.items.map(({ name }) => name));
  });

  it("are found whatever characters the id has", async () => {
    const { body } = await get(`${encodeURIComponent(ODD_ID)}/manifests/2026-11-20`);
    expect(await (await fetch(body.items[0]?.url ?? "")).text()).toBe(`${ODD_ID} manifest-1.jsonl`);
  });

  it("of a day without any, of another merchant, or of nobody, are not there", async () => {
    expect((await get("acme/manifests/2026-11-23")).status).toBe(404);
    expect((await get("acme/manifests/yesterday")).status).toBe(400);
    const [foreign, none] = [await get("acme/manifests", "other"), await get("none/manifests", "other")];
    expect([foreign.status, foreign.body]).toEqual([404, none.body]);
    expect((await get("none/manifests")).body).toEqual(none.body);
  });
});

describe("a presigned URL", () => {
  it("is signed as AWS's own example", async () => {
    // Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters", example.
    const client = new S3Client({
      region: "us-east-1",
      credentials: {
        accessKeyId: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      },
    });
    client.middlewareStack.add(
      (next) => async (args) => {
        (args.request as { hostname: string }).hostname = "examplebucket.s3.amazonaws.com";
        return next(args);
      },
      { step: "build", priority: "high" },
    );
    const at = Date.parse("2013-05-24T00:00:00Z");
    const url = await presignedUrl(client, { bucket: "examplebucket", key: "test.txt" }, at, 86_400);
    expect(url).toBe(
      "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256" +
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request" +
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host" +
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
    );
  });
});
