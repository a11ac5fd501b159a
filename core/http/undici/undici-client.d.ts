/** The one part of undici that is used; its whole would bring `fetch`, WebSockets and caches into each bundle. */
declare module "undici/lib/dispatcher/client.js" {
  import { Client } from "undici";
  export default Client;
}
