/** Headers that a merchant adds to its webhooks, as the API takes them. They are shown to whoever may see it. */
import { z } from "@hono/zod-openapi";
import { ApiError } from "../../../../core/api/api-error.ts";
import { headerNamesSchema, headerValueSchema } from "../../../../core/api/header-schema.ts";
import {
  headerFaults,
  HEADER_LIMITS,
  TWICE,
  type Headers,
  whyNotName,
  whyNotValue,
} from "../../../../core/merchant/connection/header-rules.ts";

const DESCRIPTION =
  `At most ${HEADER_LIMITS.count}, ${HEADER_LIMITS.bytes} bytes together: none that frames the message, none of ` +
  "Standard Webhooks, none that the pipeline sets. Secrets belong to the secret headers";
const EXAMPLE = { "x-partner-id": "4711" };

export const headersSchema = z
  .record(z.string(), headerValueSchema())
  .superRefine((headers, ctx) => {
    for (const { name, detail } of headerFaults(headers, "plain"))
      ctx.addIssue({ code: "custom", message: detail, path: name === undefined ? [] : [name] });
  })
  .meta({ description: DESCRIPTION, example: EXAMPLE, ...headerNamesSchema("plain") });

/** A patch of its own: what is null is taken away. */
export const headersPatchSchema = z
  .record(z.string(), headerValueSchema().nullable())
  .superRefine((headers, ctx) => {
    const seen = new Set<string>();
    for (const [name, value] of Object.entries(headers)) {
      const isTwice = seen.size === seen.add(name.toLowerCase()).size;
      const fault = value === null ? undefined : (whyNotName(name, "plain") ?? whyNotValue(value));
      const message = fault ?? (isTwice ? TWICE : undefined);
      if (message !== undefined) ctx.addIssue({ code: "custom", message, path: [name] });
    }
  })
  .meta({
    description: `What is null is taken away, what is left out stays. ${DESCRIPTION}`,
    example: EXAMPLE,
    // As many as there are may be taken away, and as many put in their place.
    ...headerNamesSchema("plain"),
    maxProperties: undefined,
  });

/** For those that a patch came to. @throws ApiError API_BODY_INVALID */
export function checkHeaders(headers: Headers | undefined): void {
  const errors = headerFaults(headers ?? {}, "plain").map(({ detail }) => ({ pointer: "/headers", detail }));
  const [first] = errors;
  if (first !== undefined) throw new ApiError("API_BODY_INVALID", `headers: ${first.detail}.`, { errors });
}
