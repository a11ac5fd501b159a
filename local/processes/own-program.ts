/**
 * Programs that are started beside their module. They end as it does: `.ts` in a checkout, `.js` in the package, where
 * Node strips no types.
 */
import { extname } from "node:path";

/**
 * @param name without the ending; begins with `./`
 * @param module `import.meta` of who starts it
 */
export function ownProgram(name: string, { url }: Pick<ImportMeta, "url">): URL {
  return new URL(`${name}${extname(new URL(url).pathname)}`, url);
}
