/** Why a file was not uploaded. Each is said in words of the reader's, with what to do. */
import type { SignatureFaultCode } from "../../../../core/imports/file-signature.ts";

export type UploadFault =
  | { readonly kind: "empty" }
  | { readonly kind: "not text"; readonly code: SignatureFaultCode }
  | { readonly kind: "too large"; readonly bytes: number; readonly maxBytes: number }
  /** The form holds no longer. */
  | { readonly kind: "expired" }
  | { readonly kind: "canceled" }
  /** Nobody knows whether it has arrived: all of it was sent, and no response came. */
  | { readonly kind: "unknown"; readonly jobId: string }
  | { readonly kind: "connection lost"; readonly sentBytes: number; readonly bytes: number }
  /** The file was changed, moved or deleted since it was chosen. */
  | { readonly kind: "unreadable" }
  /** By the bucket, for a reason that is none of these; in its own words. */
  | { readonly kind: "refused"; readonly status: number; readonly code: string };

export class UploadError extends Error {
  override readonly name = "UploadError";
  readonly fault: UploadFault;

  constructor(fault: UploadFault, options?: ErrorOptions) {
    super(`The file was not uploaded: ${fault.kind}.`, options);
    this.fault = fault;
  }
}
