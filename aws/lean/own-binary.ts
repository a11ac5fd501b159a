/** Binary attributes of DynamoDB are base64 on the wire; programs know them as bytes, as the SDK gives them. */

/** @param output of a call, as it was parsed. Changed in place. */
export function ownBinary<Output>(output: Output, text: string): Output {
  if (text.includes('"B":"') || text.includes('"BS":[')) decode(output);
  return output;
}

function decode(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const object = value as Record<string, unknown>;
  for (const [name, inner] of Object.entries(object)) {
    if (name === "B" && typeof inner === "string") object[name] = Buffer.from(inner, "base64");
    else if (name === "BS" && Array.isArray(inner))
      object[name] = inner.map((each) => (typeof each === "string" ? Buffer.from(each, "base64") : each));
    else decode(inner);
  }
}
