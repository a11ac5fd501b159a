/** The VPC's zones and egress addresses. */
import { z } from "zod";
import { settingTexts, wholeNumber } from "../setting.ts";

/**
 * Of a region: local and wavelength zones, which have a place in their name, have no NAT gateways (Amazon VPC User
 * Guide).
 */
const ZONE_NAME = /^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/;
const ZONE_ID = /^[a-z]{3,5}\d-az\d{1,2}$/;
const ZONE_NAME_OR_ID = new RegExp(`${ZONE_NAME.source}|${ZONE_ID.source}`);

export const isZoneId = (zone: string): boolean => ZONE_ID.test(zone);

export const networkSettings = z.strictObject({
  zones: wholeNumber(2, 3)
    .default(2)
    .register(settingTexts, {
      description: "Availability zones, each with a NAT gateway of its own.",
      unit: "zones",
      see: { "operating/cost.md": "cost" },
    }),
  availabilityZones: z
    .array(z.string().regex(ZONE_NAME_OR_ID, "expected a zone's name such as eu-west-1a, or its id such as euw1-az1"))
    .max(3)
    .default([])
    .register(settingTexts, {
      description:
        "The zones themselves, by name or by id. Some zones have no NAT gateways or no Fargate; a name means another " +
        "zone in each account, an id the same in all. Changing them replaces subnets and NAT gateways.",
      range: "a list of names or of ids, as long as `network.zones` says",
      byDefault: "none: the first of the region",
      see: { "operating/deploy.md": "deploy" },
    }),
  endpoints: z
    .enum(["where-they-pay", "all", "none"])
    .default("where-they-pay")
    .register(settingTexts, {
      description:
        "Interface endpoints for the AWS services that tasks call; those of DynamoDB and S3 cost nothing and are " +
        "always there. `where-they-pay`: those that cost less than the bytes they keep off the NAT gateways at " +
        "`targetRatePerSecond`. Without one, calls go through the NAT gateways, encrypted as ever. `all` keeps " +
        "each call to AWS inside.",
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
