import { describe, expect, it } from "@jest/globals";
import type { DynamoDBStreamEvent } from "aws-lambda";
import type { OutgoingEvent } from "../../../core/events/envelope.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { publishChanges } from "../../../lambdas/publish-events/publish-changes.ts";
import { changesOf } from "../../../lambdas/publish-events/stream-changes.ts";
import { number, text, transactionRow } from "../../support/rows.ts";

type Images = readonly [oldImage: AttributeMap | undefined, newImage: AttributeMap | undefined];

function recordsOf(images: readonly Images[]): DynamoDBStreamEvent {
  const Records = images.map(([OldImage, NewImage], index) => ({
    eventID: `event-${index + 1}`,
    dynamodb: {
      Keys: keysOf(NewImage ?? OldImage ?? {}),
      SequenceNumber: String(index + 1),
      ApproximateCreationDateTime: 1_763_805_600 + index,
      ...(OldImage !== undefined && { OldImage }),
      ...(NewImage !== undefined && { NewImage }),
    },
  }));
  return { Records } as unknown as DynamoDBStreamEvent;
}

function keysOf({ transactionId, merchantId }: AttributeMap) {
  return transactionId === undefined ? { merchantId } : { transactionId };
}

async function publish(images: readonly Images[], errors: Readonly<Record<string, boolean>> = {}) {
  const published: OutgoingEvent[] = [];
  const counts: Record<string, number> = {};
  const warned: unknown[] = [];
  const failed = await publishChanges(changesOf(recordsOf(images)), {
    topic: {
      publish: (events) => {
        published.push(...events);
        return Promise.resolve(
          events.map(({ event }) => {
            const isRefused = errors[event.id];
            return isRefused === undefined ? undefined : { error: "InternalError: try again", isRefused };
          }),
        );
      },
    },
    source: "/pipelines/acme",
    count: (metric, by) => (counts[metric] = (counts[metric] ?? 0) + by),
    warn: (message, details) => warned.push([message, details]),
  });
  return { failed, events: published.map(({ event }) => event), published, counts, warned };
}

const confirmed = transactionRow({ confirmationState: text("CONFIRMED"), stateVersion: number(1) });
const failing = { merchantId: text("m-1"), circuitOpenUntil: number(5) };
const healthy = { merchantId: text("m-1") };

describe("publish-events", () => {
  it("publishes each step with id, order and time of its record", async () => {
    const { events, failed, counts } = await publish([
      [undefined, transactionRow()],
      [transactionRow(), confirmed],
    ]);
    expect(failed).toEqual([]);
    expect(counts).toEqual({ EventsPublished: 2 });
    expect(events[1]).toEqual({
      specversion: "1.0",
      id: "event-2",
      source: "/pipelines/acme",
      type: "transaction.confirmed",
      subject: "t-1",
      time: "2025-11-22T10:00:01.000Z",
      datacontenttype: "application/json",
      dataschema: "urn:confirmation-pipeline:events:transaction:v1",
      sequence: "2".padStart(40, "0"),
      data: {
        transactionId: "t-1",
        merchantId: "m-1",
        outcome: "APPROVED",
        version: 1,
        state: "CONFIRMED",
        generation: 0,
        attemptCount: 0,
      },
    });
  });

  it("says beside the event what subscribers filter by", async () => {
    const { published } = await publish([[undefined, confirmed]]);
    expect(published[0]?.attributes).toEqual({
      type: "transaction.confirmed",
      merchantId: "m-1",
      outcome: "APPROVED",
      state: "CONFIRMED",
    });
  });

  it("calls nobody for what is no step", async () => {
    const { events, counts } = await publish([[transactionRow(), transactionRow({ dueKey: text("P#0") })]]);
    expect({ events, counts }).toEqual({ events: [], counts: {} });
  });

  it("has what was not published retried", async () => {
    const { failed, warned } = await publish(
      [
        [undefined, transactionRow()],
        [transactionRow(), confirmed],
      ],
      { "event-2": false },
    );
    expect(failed).toEqual(["2"]);
    expect(warned).toEqual([["event not published", expect.objectContaining({ eventId: "event-2", subject: "t-1" })]]);
  });

  it("passes over what is refused for good, and counts it", async () => {
    const { failed, counts } = await publish([[undefined, transactionRow()]], { "event-1": true });
    expect({ failed, counts }).toEqual({ failed: [], counts: { EventsRefused: 1, EventsPublished: 0 } });
  });

  it("tells of a merchant what is another at the end of a batch than at its beginning", async () => {
    const { events } = await publish([
      [undefined, failing],
      [failing, { ...failing, waitingKey: text("W#0") }],
    ]);
    expect(events.map(({ id, type, sequence }) => [id, type, Number(sequence)])).toEqual([
      ["event-2", "merchant.failing", 2],
      ["event-2-2", "merchant.backlog", 2],
    ]);
  });

  it("says nothing of a circuit that opened and closed within a batch", async () => {
    expect(
      (
        await publish([
          [undefined, failing],
          [failing, healthy],
        ])
      ).events,
    ).toEqual([]);
  });

  it("has a merchant's changes retried from the first on", async () => {
    const images: Images[] = [
      [undefined, failing],
      [failing, { ...failing, pausedAt: number(1) }],
    ];
    expect((await publish(images, { "event-2": false })).failed).toEqual(["1"]);
  });
});
