/** Listening, with the function of small-account mode. */
import { listenIn } from "./listen.ts";

listenIn("lambda");
