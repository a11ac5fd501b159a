/** Redeliveries with a worker that always runs. */
import { redeliveriesIn } from "./redelivery.ts";

redeliveriesIn("fargate");
