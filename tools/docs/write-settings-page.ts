/** `npm run settings-page`: writes the page of settings anew. Run it after a setting has changed. */
import { writeFileSync } from "node:fs";
import { SETTINGS_PAGE, settingsPage } from "./settings-page.ts";

writeFileSync(SETTINGS_PAGE, settingsPage());
