/** Types of verify-manifest.mjs; copy it along if you use TypeScript. */

export type ManifestErrorCode =
  | "MANIFEST_UNREADABLE"
  | "MANIFEST_KEYS_INVALID"
  | "MANIFEST_KEY_UNKNOWN"
  | "MANIFEST_SIGNATURE_INVALID"
  | "MANIFEST_CHAIN_BROKEN"
  | "MANIFEST_FILE_MISSING"
  | "MANIFEST_LINES_CHANGED"
  | "MANIFEST_TOTALS_WRONG";

export class ManifestError extends Error {
  readonly code: ManifestErrorCode;
  constructor(code: ManifestErrorCode, message: string, options?: ErrorOptions);
}

/** Decimals as text. */
export interface VerifiedSums {
  transactions: number;
  total: string;
  confirmed: string;
  failed: string;
  unsettled: string;
}

export interface VerifiedManifest {
  format: string;
  merchantId: string;
  /** UTC day of the transactions' `occurredAt`, `2026-11-22`. */
  day: string;
  revision: number;
  sequence: number;
  /** ISO 8601. */
  writtenAt: string;
  totals: {
    transactions: number;
    confirmed: number;
    failed: number;
    unsettled: number;
    unsummed: number;
    sums: Record<string, VerifiedSums>;
  };
  files: { name: string; lines: number; chain: string }[];
  chain: string;
  previous: { sequence: number; day: string; revision: number; sha256: string } | null;
}

export interface GivenManifest {
  /** Exactly as it came. */
  file: Uint8Array | string;
  /** A file of lines that the manifest names; they lie beside it. */
  readLines: (name: string) => Promise<Uint8Array | string>;
}

/** JSON Web Keys, or sets of them. */
export type ManifestKeys = object | readonly object[];

/** @throws ManifestError, by rejecting */
export function verifyManifest(given: GivenManifest & { keys: ManifestKeys }): Promise<VerifiedManifest>;

/**
 * Manifests of one merchant that follow one another, in any order.
 * @returns oldest first.
 * @throws ManifestError, by rejecting
 */
export function verifyChain(given: readonly GivenManifest[], keys: ManifestKeys): Promise<VerifiedManifest[]>;
