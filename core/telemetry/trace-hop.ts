/**
 * One hop of a trace: what one program did for one transaction. Put together while it is done, sent when it is over;
 * the id is known from the start, since whatever comes next names it as its parent.
 */
import { newSegmentId, type Trace, traceHeader } from "./trace.ts";

/**
 * How a step ended, as X-Ray colours it: `error` our own side's fault, `throttle` too many calls, `fault` the called
 * side's.
 */
export type StepFlag = "error" | "throttle" | "fault";

export interface TraceStep {
  /** Up to 200 letters, digits, spaces and `_.:/%&#=+\-@`. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** 16 hex digits. @default a new one */
  readonly id?: string;
  /** `aws` for a call of an AWS service, `remote` for a call of a merchant. */
  readonly namespace?: "aws" | "remote";
  readonly flags?: readonly StepFlag[];
  /** Blocks of the document, by X-Ray's own names. */
  readonly http?: object;
  readonly aws?: object;
}

/** What X-Ray indexes, 50 a trace: ids and outcomes, no payment data. */
export type Annotations = Readonly<Record<string, string | number>>;

export interface TraceHop extends TraceStep {
  readonly trace: Pick<Trace, "root" | "parent">;
  readonly annotations: Annotations;
  /** Kept, but not indexed. */
  readonly metadata: Readonly<Record<string, string | number>>;
  readonly steps: readonly TraceStep[];
  /** What the program runs on, by X-Ray's names. */
  readonly origin?: string;
}

export interface HopSender {
  send(hop: TraceHop): void;
}

export interface OpenHop {
  /** With which the next hop goes on, in the form of `AWSTraceHeader`. */
  readonly header: string;
  end(ended: Omit<TraceHop, "trace" | "id" | "name" | "origin">): void;
}

/** @param trace a sampled one */
export function beginHop(sender: HopSender, trace: Trace, name: string, origin?: string): OpenHop {
  const id = newSegmentId();
  return {
    header: traceHeader({ root: trace.root, parent: id, isSampled: true }),
    end: (ended) => sender.send({ ...ended, trace, id, name, ...(origin !== undefined && { origin }) }),
  };
}
