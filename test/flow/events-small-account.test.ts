/** Events in small-account mode. */
import { eventsIn } from "./events.ts";

eventsIn("lambda");
