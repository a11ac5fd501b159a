/** Records of the streams as changes of rows: of transactions, or of merchants' health. */
import type { DynamoDBStreamEvent } from "aws-lambda";
import type { StreamPlace } from "../../core/events/envelope.ts";
import type { RowChange } from "../../core/events/transaction-events.ts";

export interface PlacedChange extends RowChange {
  readonly of: "transaction" | "merchant";
  readonly place: StreamPlace;
}

/** @param gatesTable whose stream has merchants' health; any other one has transactions */
export function changesOf({ Records }: DynamoDBStreamEvent, gatesTable: string): PlacedChange[] {
  return Records.flatMap(({ eventID, eventSourceARN, dynamodb }): PlacedChange[] => {
    if (eventID === undefined || dynamodb?.SequenceNumber === undefined) return [];
    const { SequenceNumber, NewImage, OldImage, ApproximateCreationDateTime: writtenAtSeconds = 0 } = dynamodb;
    return [
      {
        of: tableIn(eventSourceARN) === gatesTable ? "merchant" : "transaction",
        place: { eventId: eventID, sequenceNumber: SequenceNumber, writtenAt: Math.floor(writtenAtSeconds) * 1000 },
        ...(NewImage !== undefined && { newImage: NewImage }),
        ...(OldImage !== undefined && { oldImage: OldImage }),
      },
    ];
  });
}

/** `arn:aws:dynamodb:eu-west-1:123456789012:table/MerchantGates/stream/2026-…`. */
function tableIn(streamArn: string | undefined): string | undefined {
  return streamArn?.split("/")[1];
}
