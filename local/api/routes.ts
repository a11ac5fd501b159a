/**
 * The methods of the template's REST APIs as a table of routes: path with parameters, method, the function behind it,
 * and the authorizer before it. Paths stay as they were sent: API Gateway decodes nothing of what it hands to a
 * function of a REST API, neither the path nor its parameters.
 */
import { objectOf, optionalText, type ResolvedResource, textOf } from "../assembly/template.ts";
import { type AuthorizerDefinition, authorizersOf } from "./authorizer-definition.ts";
import { functionInUri } from "./function-in-uri.ts";
import { LocalError } from "../local-error.ts";

export interface Route {
  readonly stage: string;
  /** As API Gateway writes it: `/a/{id}`, `/files/{proxy+}`. */
  readonly resourcePath: string;
  /** `ANY` for all. */
  readonly method: string;
  readonly functionArn: string;
  /** Asked before anything else. */
  readonly authorizer?: AuthorizerDefinition;
  /** Headers and query parameters without which API Gateway answers 400 itself. */
  readonly requiredParameters: readonly string[];
}

export interface MatchedRoute {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly path: string;
}

interface ApiResources {
  readonly stages: readonly ResolvedResource[];
  readonly resources: readonly ResolvedResource[];
  readonly methods: readonly ResolvedResource[];
  /** @default none */
  readonly authorizers?: readonly ResolvedResource[];
}

export function routesOf({ stages, resources, methods, authorizers = [] }: ApiResources): Route[] {
  const authorizerOf = authorizersOf(authorizers);
  const pathOf = (resourceId: string): string => {
    const resource = resources.find(({ logicalId }) => logicalId === resourceId);
    return resource === undefined ? "" : `${pathOf(textOf(resource, "ParentId"))}/${textOf(resource, "PathPart")}`;
  };
  return methods.flatMap((method) => {
    const integration = objectOf(method, "Integration");
    if (integration["Type"] === "MOCK") return [];
    const functionArn = functionInUri(String(integration["Uri"]));
    if (integration["Type"] !== "AWS_PROXY" || functionArn === undefined) {
      throw new LocalError(
        "LOCAL_TEMPLATE_UNSUPPORTED",
        `${method.logicalId}: this machine knows proxy integrations of functions only, got ` +
          `${String(integration["Type"])}.`,
      );
    }
    const authorization = optionalText(method, "AuthorizationType") ?? "NONE";
    if (authorization !== "NONE" && authorization !== "CUSTOM")
      throw new LocalError(
        "LOCAL_TEMPLATE_UNSUPPORTED",
        `${method.logicalId}: this machine knows methods that are open or have a function as their authorizer, got ` +
          `the authorization ${authorization}.`,
      );
    const validates = optionalText(method, "RequestValidatorId") !== undefined;
    const parameters = Object.entries(objectOf(method, "RequestParameters")).filter(
      ([, required]) => validates && required === true,
    );
    const authorizer = authorizerOf.get(optionalText(method, "AuthorizerId") ?? "");
    return stages
      .filter((stage) => stage.properties["RestApiId"] === method.properties["RestApiId"])
      .map((stage) => ({
        stage: textOf(stage, "StageName"),
        resourcePath: pathOf(textOf(method, "ResourceId")) || "/",
        method: textOf(method, "HttpMethod"),
        functionArn,
        ...(authorizer !== undefined && { authorizer }),
        requiredParameters: parameters.map(([name]) => name.replace(/^method\.request\./, "")),
      }));
  });
}

/** @param pathname with the stage in front, as it is called. The most exact route wins, as in API Gateway. */
export function matchRoute(routes: readonly Route[], method: string, pathname: string): MatchedRoute | undefined {
  const [, stage = "", ...segments] = pathname.split("/");
  const path = `/${segments.join("/")}`;
  const matches = routes
    .filter((route) => route.stage === stage && (route.method === "ANY" || route.method === method))
    .flatMap((route) => {
      const pathParameters = matchPath(route.resourcePath, path);
      return pathParameters === undefined ? [] : [{ route, pathParameters, path }];
    });
  return matches.toSorted((left, right) => vagueness(left.route.resourcePath) - vagueness(right.route.resourcePath))[0];
}

function matchPath(resourcePath: string, path: string): Record<string, string> | undefined {
  const wanted = resourcePath.split("/").filter(Boolean);
  const found = path.split("/").filter(Boolean);
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const parameter = /^\{(.+?)(\+?)\}$/.exec(part);
    const value = found[index];
    if (value === undefined) return undefined;
    if (parameter?.[1] === undefined) {
      if (part !== value) return undefined;
    } else if (parameter[2] === "+") {
      return { ...parameters, [parameter[1]]: found.slice(index).join("/") };
    } else {
      parameters[parameter[1]] = value;
    }
  }
  return found.length === wanted.length ? parameters : undefined;
}

function vagueness(resourcePath: string): number {
  return [...resourcePath.matchAll(/\{[^}]+\}/g)].reduce((sum, [part]) => sum + (part.endsWith("+}") ? 100 : 1), 0);
}
