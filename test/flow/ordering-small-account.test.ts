/** Ordering keys with the function of small-account mode. */
import { inOrderIn } from "./in-order.ts";

inOrderIn("lambda");
