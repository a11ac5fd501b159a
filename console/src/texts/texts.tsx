/** The language that is spoken, for all that is shown. */
import { createContext, type ReactNode, useContext } from "react";
import { I18nProvider } from "@cloudscape-design/components/i18n";
import type { Texts } from "./en.ts";
import type { Spoken } from "./languages.ts";

const SpokenContext = createContext<Spoken | undefined>(undefined);

export function SpeaksProvider({
  spoken,
  children,
}: {
  readonly spoken: Spoken;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <SpokenContext value={spoken}>
      <I18nProvider locale={spoken.language} messages={[spoken.messages]}>
        {children}
      </I18nProvider>
    </SpokenContext>
  );
}

export function useSpoken(): Spoken {
  const spoken = useContext(SpokenContext);
  if (spoken === undefined) throw new Error("Texts were asked for outside of SpeaksProvider.");
  return spoken;
}

export function useTexts(): Texts {
  return useSpoken().texts;
}
