import { sandboxIn } from "./sandbox.ts";

sandboxIn("fargate");
