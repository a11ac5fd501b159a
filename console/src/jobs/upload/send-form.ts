/**
 * Sends a file to the bucket of imports with the form that the API gave for it. By XMLHttpRequest, as `fetch` does not
 * say how much was sent. That a page listens to that has the browser ask the bucket first whether it may (a preflight).
 */
import type { Schemas } from "../../api/api.ts";
import { UploadError, type UploadFault } from "./upload-error.ts";

interface Progress {
  readonly loaded: number;
  readonly total: number;
}

/** What of a browser's XMLHttpRequest it takes. */
export interface FormRequest {
  readonly status: number;
  readonly responseText: string;
  readonly upload: {
    addEventListener(type: "progress", heard: (progress: Progress) => void): void;
    addEventListener(type: "load", heard: () => void): void;
  };
  addEventListener(type: "load" | "error" | "abort", heard: () => void): void;
  open(method: "POST", url: string): void;
  send(form: FormData): void;
  abort(): void;
}

export interface SendParts {
  readonly request: () => FormRequest;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface Sent {
  readonly upload: Schemas["Upload"];
  readonly file: File;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** @param bytes of the form that were sent, which has the fields too. @param total of the form */
  readonly onProgress: (bytes: number, total: number) => void;
}

const EXPIRED = /Policy expired/i;

/** Resolves once the bucket has the file. @throws UploadError, by rejecting */
export async function sendForm({ upload, file, signal, onProgress }: Sent, parts: SendParts): Promise<void> {
  const { url, fields, maxBytes, expiresAt, jobId } = upload;
  if (file.size > maxBytes) throw new UploadError({ kind: "too large", bytes: file.size, maxBytes });
  if (signal.aborted) throw new UploadError({ kind: "canceled" });
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  // Last: whatever follows the file counts for nothing.
  form.append("file", file);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (fault: UploadFault): void => reject(new UploadError(fault));
  const request = parts.request();
  const abort = (): void => request.abort();
  let sentBytes = 0;
  let isSent = false;
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    sentBytes = Math.min(loaded, file.size);
    onProgress(loaded, total);
  });
  request.upload.addEventListener("load", () => (isSent = true));
  request.addEventListener("load", () => {
    const fault = faultOf(request, { bytes: file.size, maxBytes });
    if (fault === undefined) resolve();
    else fail(fault);
  });
  request.addEventListener("error", () => {
    // S3 ends the connection of some that it refuses before it has all of them, and no response is seen.
    if (parts.now() >= Date.parse(expiresAt)) fail({ kind: "expired" });
    else if (isSent) fail({ kind: "unknown", jobId });
    else fail({ kind: "connection lost", sentBytes, bytes: file.size });
  });
  request.addEventListener("abort", () => fail({ kind: "canceled" }));
  signal.addEventListener("abort", abort);
  request.open("POST", url);
  request.send(form);
  try {
    await promise;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function faultOf(
  { status, responseText }: Pick<FormRequest, "status" | "responseText">,
  size: { readonly bytes: number; readonly maxBytes: number },
): UploadFault | undefined {
  if (status >= 200 && status < 300) return undefined;
  const code = /<Code>(\w+)<\/Code>/.exec(responseText)?.[1] ?? "";
  if (code === "EntityTooLarge") return { kind: "too large", ...size };
  if (code === "EntityTooSmall") return { kind: "empty" };
  if (code === "ExpiredToken" || EXPIRED.test(responseText)) return { kind: "expired" };
  return { kind: "refused", status, code };
}
