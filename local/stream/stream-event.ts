/**
 * A record of DynamoDB Streams as Lambda hands it to a function: seconds for the time, base64 for bytes, the rest as it
 * came.
 */
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import type { _Record } from "@aws-sdk/client-dynamodb-streams";
import { REGION } from "../machine.ts";
import type { BatchRecord } from "./retry-plan.ts";

export interface StreamRecord extends BatchRecord {
  /** What the function gets. */
  readonly event: {
    readonly eventName: string;
    readonly dynamodb: {
      readonly Keys?: AttributeMap;
      readonly NewImage?: AttributeMap;
      readonly OldImage?: AttributeMap;
    };
  };
}

/** As the SDK gives a record, with a date and bytes, or as it came, with seconds and base64. */
export interface ReadRecord extends Omit<_Record, "dynamodb"> {
  readonly dynamodb?:
    | (Omit<NonNullable<_Record["dynamodb"]>, "ApproximateCreationDateTime"> & {
        readonly ApproximateCreationDateTime?: Date | number | undefined;
      })
    | undefined;
}

/**
 * @param notBefore epoch milliseconds: DynamoDB Local tells the time of a record to the minute only, DynamoDB to the
 * second
 */
export function toStreamRecord(record: ReadRecord, streamArn: string, notBefore: number): StreamRecord {
  const { ApproximateCreationDateTime: created, SequenceNumber: sequenceNumber = "" } = record.dynamodb ?? {};
  const createdAt = Math.max(epochMs(created), notBefore);
  const told = { ...record.dynamodb, ApproximateCreationDateTime: createdAt / 1000 };
  return {
    sequenceNumber,
    createdAt,
    event: {
      eventID: record.eventID,
      eventName: record.eventName ?? "",
      eventVersion: record.eventVersion ?? "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: REGION,
      eventSourceARN: streamArn,
      dynamodb: (created instanceof Date ? withBase64(told) : told) as StreamRecord["event"]["dynamodb"],
    } as StreamRecord["event"],
  };
}

function epochMs(created: Date | number | undefined): number {
  if (created instanceof Date) return created.getTime();
  return created === undefined ? Date.now() : created * 1000;
}

/** A row as if it had just been inserted. */
export function insertEvent(row: AttributeMap, keys: AttributeMap, streamArn: string): StreamRecord["event"] {
  return {
    eventID: "rescued",
    eventName: "INSERT",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: REGION,
    eventSourceARN: streamArn,
    dynamodb: {
      ApproximateCreationDateTime: Date.now() / 1000,
      Keys: keys,
      NewImage: withBase64(row),
      SequenceNumber: "0",
      SizeBytes: 0,
      StreamViewType: "NEW_AND_OLD_IMAGES",
    },
  } as unknown as StreamRecord["event"];
}

function withBase64(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(withBase64);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withBase64(inner)]));
}
