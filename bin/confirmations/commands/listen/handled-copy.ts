/** A copy, and what became of it here. */
import type { components } from "../../api/api-types.ts";

export type Copy = components["schemas"]["DeliveryCopy"];

export interface Signature {
  readonly verified: boolean;
  /** That were found right. */
  readonly schemes: readonly string[];
  /** Why it is not verified. */
  readonly why?: string;
  /** A verifier refuses what is older than five minutes. */
  readonly ageSeconds: number;
}

/** To the server on this machine. */
export type Forwarded =
  | { readonly status: number; readonly durationMs: number }
  | { readonly error: string; readonly durationMs: number };

export interface HandledCopy {
  readonly copy: Copy;
  readonly signature: Signature;
  /** Undefined where nothing is forwarded. */
  readonly forwarded?: Forwarded;
  readonly isReplay: boolean;
}
