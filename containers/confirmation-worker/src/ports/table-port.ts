/** The table of transactions as a confirmation sees it: read and written in batches. */
import type { TablePort } from "../../../../core/confirmation/ports.ts";
import type { RowReader } from "../read/row-reader.ts";
import type { Recorder } from "../record/recorder.ts";

export interface TablePortParts extends Pick<TablePort, "name" | "isOutage"> {
  readonly rows: RowReader;
  readonly recorder: Recorder;
}

export function tablePort({ name, rows, recorder, isOutage }: TablePortParts): TablePort {
  return {
    name,
    read: (transactionId) => rows.read(transactionId),
    readAgain: (transactionId, message) => recorder.readAgain(transactionId, message),
    record: (statement, message) => recorder.record(statement, message),
    isOutage,
  };
}
