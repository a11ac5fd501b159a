import { cutOverIn } from "./cut-over.ts";

cutOverIn("fargate");
