/** Channels, where the worker delivers. */
import { channelsIn } from "./channels.ts";

channelsIn("fargate");
