/** Channels, where a function delivers. */
import { channelsIn } from "./channels.ts";

channelsIn("lambda");
