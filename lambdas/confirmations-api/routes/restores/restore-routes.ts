/** Restores: planned, applied, and what they leave decided. */
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { actOnRestore } from "./act-on-restore.ts";
import { createRestore } from "./create-restore.ts";
import { getRestores } from "./get-restores.ts";
import type { RestoreParts } from "./restore-parts.ts";

export interface RestoreRoutesParts {
  readonly restores: RestoreParts;
}

export function addRestoreRoutes(app: ApiApp, { restores }: RestoreRoutesParts): void {
  createRestore(app, restores);
  getRestores(app, restores);
  actOnRestore(app, restores);
}
