/**
 * Has the embedded S3 refuse a put under `If-None-Match: *` where there is an object already, as S3 does (S3 User
 * Guide, "Conditional writes"); it does not know the condition. The look and the put are one step: nothing waits in
 * between.
 */
import type { FauxqsParts, FauxqsS3Store } from "./fauxqs-internals.ts";

const REFUSED =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>PreconditionFailed</Code>' +
  "<Message>At least one of the pre-conditions you specified did not hold</Message></Error>";

export function refuseOverwrites(app: FauxqsParts["app"], store: FauxqsS3Store): void {
  app.addHook("preHandler", (request, reply, done) => {
    const { bucket, "*": key } = request.params as { readonly bucket?: string; readonly "*"?: string };
    const isConditional = request.method === "PUT" && request.headers["if-none-match"] === "*";
    if (!isConditional || bucket === undefined || key === undefined || !isThere(store, bucket, key)) return done();
    void reply.status(412).header("content-type", "application/xml").send(REFUSED);
  });
}

function isThere(store: FauxqsS3Store, bucket: string, key: string): boolean {
  try {
    store.headObject(bucket, key);
    return true;
  } catch {
    return false;
  }
}
