/** A synthesized template, as far as costs are read from it: resources by logical id, and what refers to what. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Properties;
}

export type Properties = Readonly<Record<string, unknown>>;

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface Named {
  readonly logicalId: string;
  readonly properties: Properties;
}

export function resourcesOf({ Resources }: Template, type: string): readonly Named[] {
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([logicalId, { Properties = {} }]) => ({ logicalId, properties: Properties }));
}

/** The logical id that a `Ref` or `Fn::GetAtt` names. */
export function referredTo(value: unknown): string | undefined {
  const { Ref, "Fn::GetAtt": attribute } = objectOf(value);
  if (typeof Ref === "string") return Ref;
  const [name]: readonly unknown[] = typeof attribute === "string" ? attribute.split(".") : listOf(attribute);
  return typeof name === "string" && name !== "" ? name : undefined;
}

export function objectOf(value: unknown): Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Properties) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function numberAt(properties: Properties, name: string): number | undefined {
  const value = properties[name];
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** A text as it is; what is put together only when the stack is deployed, as JSON. */
export function textAt(properties: Properties, name: string, otherwise = ""): string {
  const value = properties[name];
  if (typeof value === "string") return value;
  return value === undefined ? otherwise : JSON.stringify(value);
}
