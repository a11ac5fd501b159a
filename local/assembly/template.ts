/**
 * The parts of a CloudFormation template that this machine reads, and how properties are read from it without guessing.
 */
import { LocalError } from "../local-error.ts";

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Condition?: string }>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: unknown }>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
}

/** A resource with its intrinsics resolved. */
export interface ResolvedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export function textOf(resource: ResolvedResource, name: string): string {
  const value = resource.properties[name];
  if (typeof value === "string") return value;
  throw wrong(resource, name, "text", value);
}

export function optionalText(resource: ResolvedResource, name: string): string | undefined {
  return resource.properties[name] === undefined ? undefined : textOf(resource, name);
}

/** Templates hold numbers as numbers or as text. */
export function numberOf(resource: ResolvedResource, name: string, otherwise: number): number {
  const value = resource.properties[name];
  if (value === undefined) return otherwise;
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw wrong(resource, name, "a number", value);
}

export function objectOf(resource: ResolvedResource, name: string): Readonly<Record<string, unknown>> {
  const value = resource.properties[name] ?? {};
  if (isObject(value)) return value;
  throw wrong(resource, name, "an object", value);
}

export function listOf(resource: ResolvedResource, name: string): readonly unknown[] {
  const value = resource.properties[name] ?? [];
  if (Array.isArray(value)) return value;
  throw wrong(resource, name, "a list", value);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong({ logicalId, type }: ResolvedResource, name: string, expected: string, got: unknown): LocalError {
  return new LocalError(
    "LOCAL_TEMPLATE_UNSUPPORTED",
    `${logicalId} (${type}): property ${name} is ${JSON.stringify(got)}, expected ${expected}.`,
  );
}
