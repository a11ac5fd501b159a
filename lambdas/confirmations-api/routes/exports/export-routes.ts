/** Exports of a merchant's transactions. */
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { actOnExport } from "./act-on-export.ts";
import { createExport } from "./create-export.ts";
import type { ExportParts } from "./export-parts.ts";
import { getExports } from "./get-exports.ts";

export interface ExportRoutesParts {
  readonly exports: ExportParts;
}

export function addExportRoutes(app: ApiApp, { exports }: ExportRoutesParts): void {
  createExport(app, exports);
  getExports(app, exports);
  actOnExport(app, exports);
}
