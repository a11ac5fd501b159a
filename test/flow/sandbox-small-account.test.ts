import { sandboxIn } from "./sandbox.ts";

sandboxIn("lambda");
