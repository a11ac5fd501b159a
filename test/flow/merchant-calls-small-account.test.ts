/** Calls that somebody asked for, with the function of small-account mode. */
import { merchantCallsIn } from "./merchant-calls.ts";

merchantCallsIn("lambda");
