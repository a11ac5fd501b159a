/** Events with a worker that always runs. */
import { eventsIn } from "./events.ts";

eventsIn("fargate");
