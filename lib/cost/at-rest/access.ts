/** What may stand before the API: a firewall, and who gives out tokens. */
import { PRICES_USD } from "../../../core/settings/prices.ts";
import { counted } from "../cost-item.ts";
import { listOf } from "../template.ts";
import type { Rule } from "./rule.ts";

/** A group of managed rules counts as one. */
export const webAcl: Rule = ({ properties }) => {
  const rules = listOf(properties["Rules"]).length;
  const usd = PRICES_USD.perWebAclMonth + rules * PRICES_USD.perWebAclRuleMonth;
  return [{ item: "Web ACL", of: `1 web ACL with ${counted(rules, "rule")}`, usd }];
};

/** One that gets tokens by its own secret; those of people are paid by the person. */
export const userPoolClient: Rule = ({ properties }) =>
  listOf(properties["AllowedOAuthFlows"]).includes("client_credentials")
    ? [{ item: "User pool", of: "1 client that is a program", usd: PRICES_USD.perMachineClientMonth }]
    : [];
