/**
 * The order in which messages came into the ordered queue, read off the calls that were carried out: what the pipeline
 * promises for an ordering key whose transactions name nobody. The numbers are the queue's own.
 */
import { ORDERED_QUEUE_NAME } from "../../../core/settings/names.ts";
import type { AwsCall, Json } from "./interference.ts";

export interface OrderedArrival {
  readonly transactionId: string;
  readonly version: number;
  /** Grows with each message of the queue. */
  readonly place: bigint;
  /** Epoch milliseconds, when the response was seen. */
  readonly atMs: number;
}

interface Entry {
  readonly Id: string;
  readonly MessageBody?: string;
  readonly SequenceNumber?: string;
}

export class OrderedArrivals {
  readonly #now: () => number;
  /** The first of each version. */
  readonly #first = new Map<string, OrderedArrival>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get first(): readonly OrderedArrival[] {
    return [...this.#first.values()];
  }

  /** Learns from what was carried out. */
  observe({ operation, body }: AwsCall, response: Json): void {
    if (operation !== "SendMessageBatch" || !isOrdered(String(body["QueueUrl"]))) return;
    const places = new Map(
      ((response["Successful"] ?? []) as readonly Entry[]).map(({ Id, SequenceNumber }) => [Id, SequenceNumber]),
    );
    for (const { Id, MessageBody = "" } of (body["Entries"] ?? []) as readonly Entry[]) {
      const place = places.get(Id);
      if (place === undefined) continue;
      const { transactionId, version } = JSON.parse(MessageBody) as Pick<OrderedArrival, "transactionId" | "version">;
      const arrival = { transactionId, version, place: BigInt(place), atMs: this.#now() };
      const key = JSON.stringify([transactionId, version]);
      const known = this.#first.get(key);
      if (known === undefined || arrival.place < known.place) this.#first.set(key, arrival);
    }
  }
}

function isOrdered(queueUrl: string): boolean {
  return queueUrl.endsWith(`/${ORDERED_QUEUE_NAME}`);
}
