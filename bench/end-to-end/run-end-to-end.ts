export async function runEndToEnd(): Promise<object> {
  throw new Error("TODO");
}
