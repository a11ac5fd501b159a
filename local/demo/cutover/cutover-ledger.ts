/** What merchants accepted, from whom: the books of the proof, kept where the calls arrive. */

export const SENDERS = ["old system", "pipeline", "mirror"] as const;
export type Sender = (typeof SENDERS)[number];

export interface AcceptedVersion {
  readonly transactionId: string;
  readonly version: number;
}

/** What is to have been confirmed once: of each transaction its last version. */
export type Expected = AcceptedVersion & { readonly isLast: boolean };

export interface CutoverAccount {
  /** Last versions that the old system, or this pipeline, confirmed. */
  readonly confirmedByOld: number;
  readonly confirmedByUs: number;
  /** Versions that both confirmed. */
  readonly both: number;
  /** Last versions that nobody confirmed. */
  readonly neither: number;
  /** Versions that one of both confirmed more than once. */
  readonly twice: number;
  /** Calls of mirrors, which confirm nothing. */
  readonly mirrored: number;
}

export class CutoverLedger {
  readonly #accepted = new Map<string, Record<Sender, number>>();
  #mirrored = 0;
  #fromPipeline = 0;

  /** Cheap numbers for progress: versions that somebody confirmed, and calls that the pipeline made for them. */
  get counts(): { readonly confirmed: number; readonly fromPipeline: number } {
    return { confirmed: this.#accepted.size, fromPipeline: this.#fromPipeline };
  }

  accepted(sender: Sender, { transactionId, version }: AcceptedVersion): void {
    if (sender === "mirror") {
      this.#mirrored += 1;
      return;
    }
    const key = keyOf(transactionId, version);
    const counts = this.#accepted.get(key) ?? { "old system": 0, pipeline: 0, mirror: 0 };
    counts[sender] += 1;
    if (sender === "pipeline") this.#fromPipeline += 1;
    this.#accepted.set(key, counts);
  }

  account(expected: Iterable<Expected>): CutoverAccount {
    let [confirmedByOld, confirmedByUs, both, neither, twice] = [0, 0, 0, 0, 0];
    for (const { transactionId, version, isLast } of expected) {
      const { "old system": byOld = 0, pipeline: byUs = 0 } = this.#accepted.get(keyOf(transactionId, version)) ?? {};
      if (byOld > 0 && byUs > 0) both += 1;
      if (byOld > 1 || byUs > 1) twice += 1;
      if (!isLast) continue;
      if (byOld > 0) confirmedByOld += 1;
      if (byUs > 0) confirmedByUs += 1;
      if (byOld + byUs === 0) neither += 1;
    }
    return { confirmedByOld, confirmedByUs, both, neither, twice, mirrored: this.#mirrored };
  }
}

function keyOf(transactionId: string, version: number): string {
  return `${transactionId}#${version}`;
}
