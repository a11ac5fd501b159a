/** Property tests draw the same cases in every run; `FAST_CHECK_SEED=7 npm test` draws others. */
import fc from "fast-check";

const DEFAULT_SEED = 1;

fc.configureGlobal({ seed: Number(process.env["FAST_CHECK_SEED"] ?? DEFAULT_SEED) });
