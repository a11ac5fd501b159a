/** Channels while the worker is killed at every step. Of `npm run test:long`. */
import { channelsKilledIn } from "./channels-kills.ts";

channelsKilledIn("fargate");
