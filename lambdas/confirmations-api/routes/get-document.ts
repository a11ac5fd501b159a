/** `GET /v1/openapi.json` and `GET /v1/docs`: what the API is, for programs and for people. Without a token. */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp, ApiContext } from "../../../core/api/api-app.ts";
import { apiDocument } from "../../../core/api/document.ts";
import { access, problems } from "../../../core/api/operation.ts";
import { referencePage, STYLE_SOURCE } from "../../../core/api/reference-page.ts";

const LOOPBACK = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/;

const documentRoute = createRoute({
  ...access("getDocument"),
  method: "get",
  path: "/openapi.json",
  tags: ["Document"],
  summary: "This document",
  responses: {
    ...problems("getDocument"),
    200: {
      description: "OpenAPI 3.1",
      content: { "application/json": { schema: z.looseObject({ openapi: z.string() }) } },
    },
  },
});

const referenceRoute = createRoute({
  ...access("getReference"),
  method: "get",
  path: "/docs",
  tags: ["Document"],
  summary: "This document, to be read",
  responses: {
    ...problems("getReference"),
    200: { description: "A page", content: { "text/html": { schema: z.string() } } },
  },
});

export function getDocument(app: ApiApp): void {
  app.openapi(documentRoute, (c) => c.json(apiDocument(app, serverOf(c)) as never, 200));
  app.openapi(referenceRoute, (c) => {
    c.header("content-security-policy", `default-src 'none'; style-src ${STYLE_SOURCE}; frame-ancestors 'none'`);
    return c.html(referencePage(apiDocument(app, serverOf(c))), 200);
  });
}

/** Where the caller came to, with the stage that stands before `/v1`. */
function serverOf(c: ApiContext): string {
  const { path = c.req.path } = (c.env.requestContext ?? {}) as { readonly path?: string };
  const stage = path.slice(0, path.lastIndexOf("/v1/"));
  const host = c.req.header("host");
  if (host === undefined) return stage === "" ? "/" : stage;
  // API Gateway has its own names there, and https alone.
  return `${LOOPBACK.test(host) ? "http" : "https"}://${host}${stage}`;
}
