/**
 * A part of the console that is loaded when it is first shown. React keeps for good that a file could not be loaded,
 * and with it every page that needs it: who tries again has it asked for anew.
 */
import { type ComponentType, lazy, type ReactNode } from "react";

/** Of each that could not be loaded, what has it loaded again. */
const failed: (() => void)[] = [];

export function loadable<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const attempt = () =>
    lazy(async () => {
      try {
        return { default: await load() };
      } catch (error) {
        failed.push(() => (Part = attempt()));
        throw error;
      }
    });
  let Part = attempt();
  return function Loadable(props: Props): ReactNode {
    return <Part {...props} />;
  };
}

/** To be called before what failed is shown once more. */
export function loadFailedAgain(): void {
  for (const again of failed.splice(0)) again();
}
