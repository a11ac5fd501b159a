/** Key material of the benchmark's merchants; it signs nothing else. */
export const MASTER_KEYS = JSON.stringify({ 1: "the master key of the benchmark, of no use elsewhere" });
/** Of every merchant, base64. */
export const SALT = "YmVuY2htYXJrIHNhbHQ=";
