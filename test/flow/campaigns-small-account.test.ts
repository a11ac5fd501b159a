/** Campaigns in small-account mode, which is asked for them. */
import { campaignsIn } from "./campaigns.ts";

campaignsIn("lambda");
