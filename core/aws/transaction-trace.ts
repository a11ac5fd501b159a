/**
 * Sends what a program did for one transaction as a segment of that transaction's own trace, through X-Ray's daemon. A
 * stream and a queue are in between, so no invocation is the trace: each hop is built whole, after the fact, and handed
 * over as a document. Of the SDK only its documents are used, none of what follows a request through async hooks; with
 * `tracing.ts` this is all that knows X-Ray. Best effort: nothing here throws, and nothing waits for a response.
 */
import { createSocket, type Socket } from "node:dgram";
import emitter from "aws-xray-sdk-core/dist/lib/segment_emitter.js";
import Subsegment from "aws-xray-sdk-core/dist/lib/segments/attributes/subsegment.js";
import Segment from "aws-xray-sdk-core/dist/lib/segments/segment.js";
import { newSegmentId } from "../telemetry/trace.ts";
import type { HopSender, TraceHop, TraceStep } from "../telemetry/trace-hop.ts";

/**
 * What the daemon expects before each document (X-Ray Developer Guide, "Sending segment documents to the X-Ray
 * daemon").
 */
const DAEMON_HEADER = '{"format":"json","version":1}\n';
/** Characters of an annotation's value (X-Ray Developer Guide, "Annotation requirements"). */
const MAX_ANNOTATION_LENGTH = 1000;

export class TraceSender implements HopSender {
  #socket: Socket | undefined;
  readonly #sending = new Set<Promise<void>>();

  send(hop: TraceHop): void {
    try {
      const message = Buffer.from(DAEMON_HEADER + segmentOf(hop).format());
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#sending.add(promise);
      // Nothing to be done about a daemon that is not there: the trace has a hole.
      this.#open().send(message, emitter.getPort(), emitter.getIp(), () => {
        this.#sending.delete(promise);
        resolve();
      });
    } catch {
      // A trace is not worth a confirmation.
    }
  }

  /** Resolves when all is handed over: a function is frozen once it has answered. */
  async flush(): Promise<void> {
    await Promise.all(this.#sending);
  }

  #open(): Socket {
    if (this.#socket === undefined) {
      this.#socket = createSocket("udp4").unref();
      this.#socket.on("error", () => undefined);
    }
    return this.#socket;
  }
}

function segmentOf({ trace, annotations, metadata, steps, origin, ...step }: TraceHop): Segment {
  const segment = new Segment(step.name, trace.root, trace.parent ?? null);
  fill(segment, step);
  if (origin !== undefined) segment.origin = origin;
  for (const [key, value] of Object.entries(annotations))
    segment.addAnnotation(key, typeof value === "string" ? value.slice(0, MAX_ANNOTATION_LENGTH) : value);
  for (const [key, value] of Object.entries(metadata)) segment.addMetadata(key, value);
  segment.subsegments = steps.map((one) => {
    const subsegment = new Subsegment(one.name);
    fill(subsegment, one);
    return subsegment;
  });
  return segment;
}

/** Times and ids are those of the hop; the SDK would take its own at opening and closing. */
function fill(
  made: Segment | Subsegment,
  { id, startedAt, endedAt, namespace, flags = [], http, aws }: TraceStep,
): void {
  Object.assign(made, {
    id: id ?? newSegmentId(),
    start_time: startedAt / 1000,
    end_time: Math.max(startedAt, endedAt) / 1000,
    ...(namespace !== undefined && { namespace }),
    ...Object.fromEntries(flags.map((flag) => [flag, true])),
    ...(http !== undefined && { http }),
    ...(aws !== undefined && { aws }),
  });
  delete made.in_progress;
  delete (made as { notTraced?: boolean }).notTraced;
}
