/** What the suite and the egress of its worker have in common. */
export const EGRESS_FILE_VARIABLE = "CHAOS_EGRESS_FILE";
/** One byte is appended to it for each connection or request that the fault has hit. */
export const HITS_FILE_VARIABLE = "CHAOS_EGRESS_HITS_FILE";

export type EgressMode = "open" | "hanging" | "unreachable";
