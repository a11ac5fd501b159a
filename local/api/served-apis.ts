/**
 * The REST APIs of a template, each with routes, authorizers and gateway responses of its own, on one port: the
 * pipeline's at its root, any other below its id, `http://127.0.0.1:<port>/<id>/<stage>/<path>`.
 */
import { API_NAME } from "../../core/settings/names.ts";
import { physicalName } from "../../core/settings/physical-names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { apiId } from "../assembly/resource-facts.ts";
import type { Resources } from "../assembly/resources.ts";
import { optionalText, type ResolvedResource, type Template } from "../assembly/template.ts";
import { type GatewayResponses, gatewayResponsesOf } from "./gateway-responses.ts";
import { type Route, routesOf } from "./routes.ts";

export interface ServedApi {
  /** What its paths begin with, before the stage: nothing, or `/<id>`. */
  readonly base: string;
  readonly routes: readonly Route[];
  readonly gatewayResponses: GatewayResponses;
}

/** @returns what the paths of an API begin with, by its id */
export type ApiBase = (apiId: string) => string;

const REST_API = "AWS::ApiGateway::RestApi";

export function apiBasesOf({ Resources }: Template, settings: Settings): ApiBase {
  const name = physicalName(settings, API_NAME);
  const pipelines = Object.entries(Resources).find(
    ([, { Type, Properties }]) => Type === REST_API && Properties?.["Name"] === name,
  );
  return (id) => (pipelines !== undefined && id === apiId(pipelines[0]) ? "" : `/${id}`);
}

export function servedApisOf(resources: Resources, baseOf: ApiBase): readonly ServedApi[] {
  return resources.ofType(REST_API).map(({ logicalId }) => {
    const id = resources.refOf(logicalId);
    const own = (type: string): ResolvedResource[] =>
      resources.ofType(`AWS::ApiGateway::${type}`).filter(({ properties }) => properties["RestApiId"] === id);
    return {
      base: baseOf(id),
      routes: routesOf({
        stages: own("Stage"),
        resources: own("Resource"),
        methods: own("Method"),
        authorizers: own("Authorizer"),
      }),
      gatewayResponses: gatewayResponsesOf(own("GatewayResponse")),
    };
  });
}

/** Addresses of the stages of the app's own APIs, by the name of the API. */
export function ownApisOf(resources: Resources, baseOf: ApiBase, origin: string): Readonly<Record<string, string>> {
  const named = new Map(
    resources.ofType(REST_API).map((api) => [resources.refOf(api.logicalId), optionalText(api, "Name")]),
  );
  const stages = resources.ofType("AWS::ApiGateway::Stage").map(({ properties: { RestApiId, StageName } }) => {
    const id = String(RestApiId);
    return { name: named.get(id) ?? id, base: baseOf(id), stage: String(StageName) };
  });
  return Object.fromEntries(
    stages.filter(({ base }) => base !== "").map(({ name, base, stage }) => [name, `${origin}${base}/${stage}`]),
  );
}

/** Nothing of the origin's root is another API's: where no base is in front, the pipeline's is meant. */
export function apiAt(apis: readonly ServedApi[], pathname: string): ServedApi | undefined {
  const isBelow = ({ base }: ServedApi): boolean => base !== "" && pathname.startsWith(`${base}/`);
  return apis.find(isBelow) ?? apis.find(({ base }) => base === "");
}
