/** Campaigns with a worker that always runs. */
import { campaignsIn } from "./campaigns.ts";

campaignsIn("fargate");
