/** How `stream-transactions` gets changes of the table, whatever the settings: for the stack and the simulation. */

/** Ten full calls to SQS; small enough that a retried batch repeats little. */
export const STREAM_BATCH_SIZE = 100;
export const STREAM_MEMORY_MIB = 1024;
