/** The VPC's zones and egress addresses. */
import { z } from "zod";
import { settingTexts, wholeNumber } from "../setting.ts";

export const networkSettings = z.strictObject({
  zones: wholeNumber(2, 3)
    .default(2)
    .register(settingTexts, {
      description: "Availability zones, each with a NAT gateway of its own.",
      unit: "zones",
      see: { "operating/cost.md": "cost" },
    }),
  egressAllocationIds: z
    .array(z.string().regex(/^eipalloc-[0-9a-f]+$/, "expected an allocation id, eipalloc-…"))
    .default([])
    .register(settingTexts, {
      description: "Elastic IPs that merchants already know, one a zone. They become the egress addresses.",
      range: "a list of allocation ids, `eipalloc-…`, as long as `network.zones` says",
      byDefault: "none: new ones are allocated and printed as outputs",
      see: { "operating/deploy.md": "deploy" },
    }),
});
