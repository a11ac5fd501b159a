/** Imports: small files at once, others by an upload. */
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { actOnImport } from "./act-on-import.ts";
import { createUpload } from "./create-upload.ts";
import { getImports } from "./get-imports.ts";
import { importFile, type ImportFileParts } from "./import-file.ts";
import type { ImportParts } from "./import-parts.ts";

export type ImportRoutesParts = ImportFileParts & { readonly imports: ImportParts };

export function addImportRoutes(app: ApiApp, parts: ImportRoutesParts): void {
  importFile(app, parts);
  createUpload(app, parts.imports);
  getImports(app, parts.imports);
  actOnImport(app, parts.imports);
}
