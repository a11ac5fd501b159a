/** Records of the streams as changes of rows: of transactions, or of merchants' health. */
import type { DynamoDBStreamEvent } from "aws-lambda";
import type { StreamPlace } from "../../core/events/envelope.ts";
import type { RowChange } from "../../core/events/transaction-events.ts";

export interface PlacedChange extends RowChange {
  readonly of: "transaction" | "merchant";
  readonly place: StreamPlace;
}

/** Told apart by their keys: a transaction has a `transactionId`, a health row a `merchantId`. */
export function changesOf({ Records }: DynamoDBStreamEvent): PlacedChange[] {
  return Records.flatMap(({ eventID, dynamodb }): PlacedChange[] => {
    if (eventID === undefined || dynamodb?.SequenceNumber === undefined) return [];
    const {
      SequenceNumber,
      Keys = {},
      NewImage,
      OldImage,
      ApproximateCreationDateTime: writtenAtSeconds = 0,
    } = dynamodb;
    return [
      {
        of: Keys["transactionId"] === undefined ? "merchant" : "transaction",
        place: { eventId: eventID, sequenceNumber: SequenceNumber, writtenAt: Math.floor(writtenAtSeconds) * 1000 },
        ...(NewImage !== undefined && { newImage: NewImage }),
        ...(OldImage !== undefined && { oldImage: OldImage }),
      },
    ];
  });
}
