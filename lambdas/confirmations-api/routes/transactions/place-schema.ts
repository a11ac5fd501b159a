/** Where a page of a merchant's transactions ended, as a cursor has it, which somebody may have made up. */
import { z } from "@hono/zod-openapi";

/** `ShardPlaces`. */
export const shardsSchema = z.array(z.union([z.tuple([z.string(), z.string()]), z.null(), z.literal(false)]));

export const placeSchema = z.strictObject({ day: z.iso.date().optional(), shards: shardsSchema });
