/** `POST /v1/merchants/{merchantId}/rotate`: a new salt and the newest master key, and so new keys of both schemes. */
import { randomBytes } from "node:crypto";
import type { ApiApp } from "../../../core/api/api-app.ts";
import { rotateRoute } from "../../../core/api/secret-routes.ts";
import { rotationUpdate } from "../../../core/signing/key-rotation.ts";
import { newestKeyVersion } from "../../../core/signing/signature.ts";
import { changeKeys } from "../change-keys.ts";
import { type KeyHolder, merchantToKey } from "../key-holder.ts";

const SALT_BYTES = 16;

export function rotateKeys(app: ApiApp, holder: KeyHolder): void {
  app.openapi(rotateRoute, async (c) => {
    const { overlapHours, force } = c.req.valid("json");
    const found = await merchantToKey(holder, c.req.valid("param").merchantId);
    const keyVersion = newestKeyVersion(await holder.masterKeys());
    const view = await changeKeys(c, holder, found, {
      action: "rotateMerchantKeys",
      overlapHours,
      force,
      secretAfter: "derived",
      update: async (overlapMs, now) =>
        rotationUpdate(found.row, found.merchant, {
          salt: randomBytes(SALT_BYTES).toString("base64"),
          keyVersion,
          now,
          overlapMs,
        }),
    });
    return c.json(view, 200);
  });
}
