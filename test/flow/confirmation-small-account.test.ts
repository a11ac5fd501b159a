/** The main job with the function of small-account mode. */
import { mainJobIn } from "./main-job.ts";

mainJobIn("lambda");
