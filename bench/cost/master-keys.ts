/** Key material of the benchmark's merchants; it signs nothing else. */
export const MASTER_KEYS = JSON.stringify({ 1: "the master key of the benchmark, of no use elsewhere" });
