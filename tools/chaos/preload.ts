/** What the suite loads into every program before its own code: a clock and an egress that can be told to be wrong. */
import "./clock/stepped-clock.ts";
import "./egress/faulty-egress.ts";
