/** What the suite and the clocks of its programs have in common. */
export const CLOCK_FILE_VARIABLE = "CHAOS_CLOCK_FILE";
