/**
 * How much of everything a confirmation uses, beside what settings and template say. The simulation counts with the
 * same. Each says where it is from: measured, documented, or assumed.
 */

/** Messages a receive, a send and a delete (SQS: ten a batch); as the worker has them pollers and seconds of a poll. */
export const BATCHES = { messages: 10, pollers: 8, longPollSeconds: 2 } as const;

/** Lambda Developer Guide, "Using Lambda with DynamoDB": each shard is polled four times a second. */
export const STREAM_POLLS_PER_SECOND = 4;
/** Assumed: milliseconds of one execution, start to end, and further ones for each full call to SQS. */
export const EXECUTION_MS = { least: 15, perCall: 4 } as const;

/** Assumed round trips in milliseconds within a region, with the worker's linger of 10 to 20 ms. */
export const ROUND_TRIP_MS = {
  receive: 10,
  query: 10,
  read: 20,
  write: 30,
  delete: 30,
  claimAndSend: 60,
} as const;

/** Bytes that leave for one call, with TLS and its share of handshakes, and that come back. */
export const CALL_BYTES = { out: 2400, in: 700 } as const;
/**
 * Log bytes: an execution's start, end, report and its metrics; a task's line of metrics each ten seconds, by second;
 * what was counted of one label and kind of channel, with its metrics.
 */
export const LOG_BYTES = { execution: 1000, taskSecond: 150, campaignLine: 450 } as const;
/**
 * Bytes between a task and SQS for one message: its part of a receive and of a delete, with the headers of requests and
 * responses. Worked out from what the worker sends and the forms that SQS responds in.
 */
export const QUEUE_BYTES = 2000;

/** Of a row with all its attributes: what one write unit takes. */
export const ROW_BYTES = 1024;
/** What DynamoDB adds to each item and each index entry for storage (Developer Guide, "Item sizes"). */
export const ITEM_OVERHEAD_BYTES = 100;
/** Of an entry of the merchant index: both keys of index and table. */
export const INDEX_ENTRY_BYTES = 120;
/** Of a line of a manifest; two lines where a second revision comes. */
export const MANIFEST_LINE_BYTES = 150;
/** Of an entry of the journal, compressed; measured with ids and digests that are drawn (`journalFile`). */
export const JOURNAL_ENTRY_BYTES = 72;
/** `core/journal/journal.ts`: entries of a file at most. */
export const JOURNAL_FILE_ENTRIES = 20_000;
/** Bytes that a part of the audit reads a second: 1,000 units of two 4 KB pages, eventually consistent. */
export const AUDIT_BYTES_PER_SECOND = 8_000_000;
/** DynamoDB Developer Guide, "Partitions": a partition, and so a shard of the stream, holds 10 GB. */
export const PARTITION_BYTES = 10e9;
/** And takes so many writes a second. */
export const PARTITION_WRITES_PER_SECOND = 1000;
/** Of a merchant, in the mean: half respond within 120 ms and nearly all within half a second, as simulated. */
export const RESPONSE_SECONDS = 0.2;
