/** Redeliveries where a function delivers. */
import { redeliveriesIn } from "./redelivery.ts";

redeliveriesIn("lambda");
