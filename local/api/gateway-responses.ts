/**
 * What API Gateway answers by itself: each kind of response with its status and message, as it is without the template
 * and as the template's gateway responses change it (API Gateway Developer Guide, "Gateway response types").
 */
import { objectOf, optionalText, type ResolvedResource, textOf } from "../assembly/template.ts";
import type { HttpResponse } from "./proxy-event.ts";

interface Kind {
  readonly status: number;
  readonly message: string;
  /** As the header `x-amzn-errortype` names it. */
  readonly error: string;
}

const KINDS = {
  ACCESS_DENIED: { status: 403, message: "User is not authorized to access this resource", error: "AccessDenied" },
  AUTHORIZER_CONFIGURATION_ERROR: { status: 500, message: "Internal server error", error: "AuthorizerConfiguration" },
  AUTHORIZER_FAILURE: { status: 500, message: "Internal server error", error: "AuthorizerFailure" },
  BAD_REQUEST_PARAMETERS: { status: 400, message: "Missing required request parameters", error: "BadRequest" },
  DEFAULT_5XX: { status: 502, message: "Internal server error", error: "InternalServerError" },
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    message: "Missing Authentication Token",
    error: "MissingAuthenticationToken",
  },
  REQUEST_TOO_LARGE: { status: 413, message: "Request Too Long", error: "RequestTooLarge" },
  UNAUTHORIZED: { status: 401, message: "Unauthorized", error: "Unauthorized" },
} as const satisfies Readonly<Record<string, Kind>>;

export type GatewayResponseType = keyof typeof KINDS;

/** As the template has it, by type. */
export type GatewayResponses = ReadonlyMap<string, Customized>;

interface Customized {
  readonly status: number | undefined;
  /** Values are texts in single quotes, or context variables. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** By content type. */
  readonly templates: readonly (readonly [type: string, template: string])[];
}

/** What `$context` is in a template. */
export type GatewayContext = Readonly<Record<string, unknown>>;

export function gatewayResponsesOf(resources: readonly ResolvedResource[]): GatewayResponses {
  return new Map(
    resources.map((resource) => {
      const status = optionalText(resource, "StatusCode");
      const parameters = Object.entries(objectOf(resource, "ResponseParameters"));
      return [
        textOf(resource, "ResponseType"),
        {
          status: status === undefined ? undefined : Number(status),
          headers: parameters.map(([name, value]) => [name.replace("gatewayresponse.header.", ""), String(value)]),
          templates: Object.entries(objectOf(resource, "ResponseTemplates")).map(([type, text]) => [
            type,
            String(text),
          ]),
        },
      ] as const;
    }),
  );
}

/**
 * @param context of the request: its id, and what an authorizer said
 * @param message in the place of the one that the kind has
 */
export function gatewayResponse(
  type: GatewayResponseType,
  responses: GatewayResponses,
  context: GatewayContext,
  message: string = KINDS[type].message,
): HttpResponse {
  const { status, error } = KINDS[type];
  const byDefault = responses.get(status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
  const customized = responses.get(type) ?? byDefault;
  const all = { ...context, error: { message, messageString: JSON.stringify(message), responseType: type } };
  const [contentType, template] = customized?.templates[0] ?? [
    "application/json",
    '{"message":$context.error.messageString}',
  ];
  const own = (customized?.headers ?? []).map(([name, value]) => [name, parameterOf(value, all)] as const);
  return {
    status: customized?.status ?? status,
    headers: [["content-type", contentType], ["x-amzn-errortype", `${error}Exception`], ...own],
    body: Buffer.from(filledIn(template, all)),
  };
}

function parameterOf(value: string, context: GatewayContext): string {
  const [, text] = /^'(.*)'$/s.exec(value) ?? [];
  return text ?? filledIn(value.replace(/^context\./, "$context."), context);
}

/** Variables alone are filled in: templates of gateway responses know no other of the template language. */
function filledIn(template: string, context: GatewayContext): string {
  return template.replaceAll(/\$context\.([\w.]*\w)/g, (_whole, path: string) => {
    const value = path
      .split(".")
      .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], context);
    return typeof value === "string" ? value : "";
  });
}
