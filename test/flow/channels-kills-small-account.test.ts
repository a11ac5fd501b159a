/** Channels in small-account mode, while invocations are killed at every step. Of `npm run test:long`. */
import { channelsKilledIn } from "./channels-kills.ts";

channelsKilledIn("lambda");
