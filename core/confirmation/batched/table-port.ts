/** The table of transactions as a confirmation sees it: read and written in batches. */
import type { TablePort } from "../ports.ts";
import type { RowReader } from "./row-reader.ts";
import type { Recorder } from "./recorder.ts";

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
