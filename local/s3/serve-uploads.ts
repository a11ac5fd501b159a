/**
 * Has the embedded S3 hold uploads by a form against their policies, and tell of each object that is put, as S3 tells
 * EventBridge. It takes forms as large as S3 does, up to what fits into memory.
 */
import type { LocalCredentials } from "../local-stack.ts";
import type { FauxqsParts, FauxqsS3Store } from "../sqs/fauxqs-internals.ts";
import { judgeUpload } from "./judge-upload.ts";
import { uploadedForm } from "./upload-form.ts";

/** An object that was put, however that was done. */
export interface PutObject {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  /** Without quotes, as EventBridge has it. */
  readonly etag: string;
  readonly reason: "PutObject" | "POST Object" | "CompleteMultipartUpload";
}

const FORM = /^multipart\/form-data\b/i;
const MOST_BYTES = 1_100_000_000;

export function serveUploads(
  app: FauxqsParts["app"],
  store: FauxqsS3Store,
  credentials: LocalCredentials,
  told: (object: PutObject) => void,
): void {
  app.addContentTypeParser(FORM, { parseAs: "buffer", bodyLimit: MOST_BYTES }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook("preHandler", (request, reply, done) => {
    const { bucket } = request.params as { readonly bucket?: string };
    const contentType = request.headers["content-type"] ?? "";
    if (request.method !== "POST" || bucket === undefined || !FORM.test(contentType)) return done();
    const form = uploadedForm(contentType, Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
    const refusal =
      form === undefined
        ? ({ status: 400, code: "MalformedPOSTRequest", message: "The body is no form." } as const)
        : judgeUpload(form, { bucket, credentials, nowMs: Date.now() });
    if (refusal !== undefined) {
      void reply.status(refusal.status).header("content-type", "application/xml").send(xmlOf(refusal));
      return;
    }
    const key = form?.fields["key"];
    if (key !== undefined) putKeys.set(request, key);
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    done();
    const { bucket, "*": inPath = "" } = request.params as { readonly bucket?: string; readonly "*"?: string };
    const query = (request.query ?? {}) as Readonly<Record<string, string | undefined>>;
    const key = putKeys.get(request) ?? inPath;
    const reason = reasonOf(request.method, putKeys.has(request), query);
    if (reply.statusCode >= 300 || bucket === undefined || key === "" || reason === undefined) return;
    try {
      const { contentLength: size, etag } = store.headObject(bucket, key);
      told({ bucket, key, size, etag: etag.replaceAll('"', ""), reason });
    } catch {
      // Deleted since.
    }
  });
}

/** Keys of forms that are being handled. */
const putKeys = new WeakMap<object, string>();

function reasonOf(
  method: string,
  isForm: boolean,
  { uploadId, partNumber, renameObject, lifecycle }: Readonly<Record<string, string | undefined>>,
): PutObject["reason"] | undefined {
  if (method === "POST") {
    if (isForm) return "POST Object";
    return uploadId === undefined ? undefined : "CompleteMultipartUpload";
  }
  const isOther = partNumber !== undefined || renameObject !== undefined || lifecycle !== undefined;
  return method === "PUT" && !isOther ? "PutObject" : undefined;
}

function xmlOf({ code, message }: { readonly code: string; readonly message: string }): string {
  const error = `<Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`;
  return `<?xml version="1.0" encoding="UTF-8"?>${error}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
