/** Bounds of an import, which keep its memory constant whatever a file holds. */

/** Rows of a block, at most. */
export const BLOCK_ROWS = 1000;
/** Bytes of a block, at most, but for one record that is longer. */
export const BLOCK_BYTES = 4_000_000;
/** Bytes of one record: what a row of the table may have at most (DynamoDB Developer Guide, "Constraints"). */
export const MAX_RECORD_BYTES = 400_000;
/** Bytes within which the header must end. */
export const MAX_HEADER_BYTES = 64_000;
