import { cutOverIn } from "./cut-over.ts";

cutOverIn("lambda");
