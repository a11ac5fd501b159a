/** How merchants are connected, where a function delivers. */
import { connectionsIn } from "./connections.ts";

connectionsIn("lambda");
