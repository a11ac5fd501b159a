/** Listening, with a worker that always runs. */
import { listenIn } from "./listen.ts";

listenIn("fargate");
