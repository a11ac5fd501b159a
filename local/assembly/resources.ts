/**
 * The resources of the template with their references resolved to what runs on this machine. Nothing is resolved before
 * it is asked for: the network and roles of the cloud have no part here.
 */
import { LocalError } from "../local-error.ts";
import { ACCOUNT_ID, PARTITION, REGION, URL_SUFFIX } from "../machine.ts";
import { type Meanings, NO_VALUE, resolveIntrinsics } from "./intrinsics.ts";
import { type Addresses, factsOf } from "./resource-facts.ts";
import { isObject, type ResolvedResource, type Template } from "./template.ts";

export interface UnresolvedResource {
  readonly logicalId: string;
  readonly fault: LocalError;
}

export interface Resources {
  ofType(type: string): readonly ResolvedResource[];
  /** Each by itself: with an error in the place of one that this machine cannot resolve, for who can do without it. */
  eachOfType(type: string): readonly (ResolvedResource | UnresolvedResource)[];
  /** What `Ref` gives for a resource of the template. */
  refOf(logicalId: string): string;
  /** Outputs, without those that tell of what is not here. */
  outputs(): Record<string, string>;
}

const ZONES = ["a", "b", "c"].map((letter) => `${REGION}${letter}`);

export function resourcesOf(template: Template, stackName: string, addresses: Addresses): Resources {
  const pseudo: Readonly<Record<string, unknown>> = {
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT_ID,
    "AWS::Partition": PARTITION,
    "AWS::URLSuffix": URL_SUFFIX,
    "AWS::StackName": stackName,
    "AWS::StackId": `arn:${PARTITION}:cloudformation:${REGION}:${ACCOUNT_ID}:stack/${stackName}/local`,
    "AWS::NoValue": NO_VALUE,
  };
  const resolve = (logicalId: string): ResolvedResource => {
    const resource = template.Resources[logicalId];
    if (resource === undefined) throw unknown(`${logicalId} is not in the template`);
    const properties = withLocalUrls(resolveIntrinsics(resource.Properties ?? {}, meanings, logicalId), addresses);
    return { logicalId, type: resource.Type, properties: isObject(properties) ? properties : {} };
  };
  /** For the name of a resource its other properties do not count: they may lead back to whoever asks. */
  const facts = (logicalId: string) => {
    const resource = template.Resources[logicalId];
    if (resource === undefined) throw unknown(`${logicalId} is not in the template`);
    const found = factsOf(
      { logicalId, type: resource.Type, properties: namesOnly(resource.Properties ?? {}) },
      addresses,
    );
    if (found === undefined) throw unknown(`what ${logicalId} (${resource.Type}) is called`);
    return found;
  };
  const namesOnly = (properties: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [
        name,
        /Name$|^Family$/.test(name) ? resolveIntrinsics(value, meanings, name) : value,
      ]),
    );
  const meanings: Meanings = {
    ref(name) {
      if (name in pseudo) return pseudo[name];
      const parameter = template.Parameters?.[name];
      return parameter === undefined ? facts(name).ref : parameter.Default;
    },
    attribute(logicalId, name) {
      const value = facts(logicalId).attributes[name];
      if (value === undefined)
        throw unknown(`attribute ${name} of ${logicalId} (${template.Resources[logicalId]?.Type ?? ""})`);
      return value;
    },
    condition(name) {
      if (template.Conditions?.[name] === undefined) throw unknown(`condition ${name}`);
      return resolveIntrinsics(template.Conditions[name], meanings, `Conditions.${name}`) === true;
    },
    mapped(mapName, topKey, secondKey) {
      const value = template.Mappings?.[mapName]?.[topKey]?.[secondKey];
      if (value === undefined) throw unknown(`mapping ${mapName}.${topKey}.${secondKey}`);
      return value;
    },
    zones: ZONES,
  };
  const isThere = (condition: string | undefined): boolean => condition === undefined || meanings.condition(condition);

  const idsOf = (type: string): string[] =>
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Type === type && isThere(resource.Condition))
      .map(([logicalId]) => logicalId);
  const resolveIfKnown = (logicalId: string): ResolvedResource | UnresolvedResource => {
    try {
      return resolve(logicalId);
    } catch (error) {
      if (error instanceof LocalError) return { logicalId, fault: error };
      throw error;
    }
  };

  return {
    ofType: (type) => idsOf(type).map(resolve),
    eachOfType: (type) => idsOf(type).map(resolveIfKnown),
    refOf: (logicalId) => facts(logicalId).ref,
    outputs() {
      const outputs: Record<string, string> = {};
      for (const [name, { Value: value, Condition: condition }] of Object.entries(template.Outputs ?? {})) {
        if (!isThere(condition)) continue;
        try {
          outputs[name] = String(withLocalUrls(resolveIntrinsics(value, meanings, `Outputs.${name}`), addresses));
        } catch (error) {
          if (!(error instanceof LocalError)) throw error;
        }
      }
      return outputs;
    },
  };
}

/** Templates join the URL of a REST API from its id and the region; here all answer at one place. */
const API_ORIGIN = /https:\/\/([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com/g;

function withLocalUrls(value: unknown, addresses: Addresses): unknown {
  const { apiOrigin, apiBase = () => "" } = addresses;
  if (typeof value === "string")
    return value.replaceAll(API_ORIGIN, (_whole, apiId: string) => apiOrigin + apiBase(apiId));
  if (Array.isArray(value)) return value.map((item) => withLocalUrls(item, addresses));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withLocalUrls(inner, addresses)]));
}

function unknown(what: string): LocalError {
  return new LocalError(
    "LOCAL_TEMPLATE_UNSUPPORTED",
    `The template uses what this machine does not know: ${what}. Teach local/assembly/resource-facts.ts.`,
  );
}
