/** `npm run cost-page`: writes the tables of the page on costs anew, after prices, usage or the stack changed. */
import { readFileSync, writeFileSync } from "node:fs";
import { costsOf } from "../cost/costs-of.ts";
import { COST_PAGE, costTables, withTables } from "./cost-page.ts";

writeFileSync(COST_PAGE, withTables(readFileSync(COST_PAGE, "utf8"), costTables(costsOf({}))));
