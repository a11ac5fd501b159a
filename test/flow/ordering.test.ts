/** Ordering keys with a worker that always runs. */
import { inOrderIn } from "./in-order.ts";

inOrderIn("fargate");
