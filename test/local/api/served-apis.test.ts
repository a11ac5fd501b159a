import { describe, expect, it } from "@jest/globals";
import { apiAt, apiBasesOf, ownApisOf, servedApisOf } from "../../../local/api/served-apis.ts";
import { resourcesOf } from "../../../local/assembly/resources.ts";
import { parseSettings } from "../../../core/settings/settings.ts";

const of = (api: string, type: string, properties: object = {}) => ({
  Type: `AWS::ApiGateway::${type}`,
  Properties: { RestApiId: { Ref: api }, ...properties },
});
const uri = (name: string) =>
  `arn:aws:apigateway:r:lambda:path/functions/arn:aws:lambda:r:0:function:${name}/invocations`;
/** An API with one route, of the same path and stage as the other's. */
const api = (id: string, name: string) => ({
  [id]: { Type: "AWS::ApiGateway::RestApi", Properties: { Name: name } },
  [`${id}Stage`]: of(id, "Stage", { StageName: "prod" }),
  [`${id}Orders`]: of(id, "Resource", { ParentId: "root", PathPart: "orders" }),
  [`${id}Get`]: of(id, "Method", {
    ResourceId: { Ref: `${id}Orders` },
    HttpMethod: "GET",
    Integration: { Type: "AWS_PROXY", Uri: uri(name) },
  }),
  [`${id}Refusal`]: of(id, "GatewayResponse", {
    ResponseType: "DEFAULT_4XX",
    StatusCode: id === "Api" ? "404" : "410",
  }),
});
const TEMPLATE = { Resources: { ...api("OrdersApi", "orders"), ...api("Api", "shop-confirmation") } };
const resources = resourcesOf(TEMPLATE, "Orders", { queueUrl: String, streamArn: String, apiOrigin: "http://api" });
const bases = apiBasesOf(TEMPLATE, parseSettings({ name: "shop" }));
const apis = servedApisOf(resources, bases);

describe("the REST APIs of a template", () => {
  it("have routes and gateway responses of their own, the pipeline's at the root", () => {
    expect(
      apis.map(({ base, routes, gatewayResponses }) => [
        base,
        routes.map(({ resourcePath, functionArn }) => `${resourcePath} ${functionArn.split(":").at(-1)}`),
        gatewayResponses.get("DEFAULT_4XX")?.status,
      ]),
    ).toEqual([
      ["/ordersapi", ["/orders orders"], 410],
      ["", ["/orders shop-confirmation"], 404],
    ]);
  });

  it("are told apart by what a path begins with", () => {
    const baseAt = (pathname: string) => apiAt(apis, pathname)?.base;
    expect(["/prod/orders", "/ordersapi/prod/orders", "/ordersapis/prod", "/"].map(baseAt)).toEqual([
      "",
      "/ordersapi",
      "",
      "",
    ]);
  });

  it("are printed by their names, without the pipeline's", () => {
    expect(ownApisOf(resources, bases, "http://api")).toEqual({ orders: "http://api/ordersapi/prod" });
  });

  it("are where the URLs of the template lead to", () => {
    const url = (id: string) => ({ "Fn::Sub": `https://\${${id}}.execute-api.\${AWS::Region}.amazonaws.com/prod` });
    const Outputs = { Own: { Value: url("OrdersApi") }, Pipeline: { Value: url("Api") } };
    const addresses = { queueUrl: String, streamArn: String, apiOrigin: "http://api", apiBase: bases };
    expect(resourcesOf({ ...TEMPLATE, Outputs }, "Orders", addresses).outputs()).toEqual({
      Own: "http://api/ordersapi/prod",
      Pipeline: "http://api/prod",
    });
  });
});
