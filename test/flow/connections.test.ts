/** How merchants are connected, where workers always run. */
import { connectionsIn } from "./connections.ts";

connectionsIn("fargate");
