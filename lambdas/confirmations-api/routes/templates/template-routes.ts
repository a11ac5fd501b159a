/** Routes of templates. */
import type { ApiApp } from "../../../../core/api/api-app.ts";
import type { TemplateRegistry } from "../../../../core/aws/template-registry.ts";
import { deleteTemplate } from "./delete-template.ts";
import { getTemplate } from "./get-template.ts";
import { listTemplates } from "./list-templates.ts";
import { previewTemplate } from "./preview-template.ts";
import { putTemplate } from "./put-template.ts";

export interface TemplateRoutesParts {
  readonly templates: Pick<TemplateRegistry, "read" | "put" | "delete" | "names" | "languagesOf">;
  readonly nowMs: () => number;
}

export function addTemplateRoutes(app: ApiApp, parts: TemplateRoutesParts): void {
  listTemplates(app, parts);
  getTemplate(app, parts);
  putTemplate(app, parts);
  deleteTemplate(app, parts);
  previewTemplate(app, parts);
}
