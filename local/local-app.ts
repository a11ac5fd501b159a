/** The CDK app whose stack is brought up on this machine, as whoever starts it names it. */
import type { SettingsInput } from "../core/settings/settings.ts";

/** What the function that makes an app is handed. */
export interface GivenToApp {
  /** For `ConfirmationPipeline`: whoever leaves them out has a pipeline that does not know of this machine. */
  readonly settings: SettingsInput;
  /** Where to synthesize to: `new App({ outdir })`. */
  readonly outdir: string;
}

/** An `App` of the CDK. */
export interface MadeApp {
  synth(): { readonly directory: string };
}

/**
 * The folder of a project whose `cdk.json` has `app`: that finds the settings as the context value `settings`. Or a
 * function that makes the app, or the folder of an assembly.
 */
export type LocalApp = string | ((given: GivenToApp) => MadeApp | string | Promise<MadeApp | string>);
