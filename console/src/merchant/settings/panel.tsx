/** A panel of settings: what there is, and buttons that each open a dialog, for whom its scope is given. */
import { type ReactNode, useState } from "react";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Scope } from "../../api/api.ts";
import { useSession } from "../../session/session.tsx";

export interface PanelAct {
  readonly id: string;
  readonly button: string;
  readonly dialog: (onClose: () => void) => ReactNode;
}

export interface PanelProps {
  readonly title: string;
  readonly does?: string;
  /** That its acts need. */
  readonly scope: Scope;
  readonly acts: readonly PanelAct[];
  readonly children: ReactNode;
}

export function Panel({ title, does, scope, acts, children }: PanelProps): ReactNode {
  const { may } = useSession();
  const [openId, setOpenId] = useState<string>();
  const open = acts.find(({ id }) => id === openId);
  return (
    <section aria-label={title}>
      <Container
        header={
          <Header
            variant="h2"
            {...(does !== undefined && { description: does })}
            actions={
              may(scope) && (
                <SpaceBetween direction="horizontal" size="xs">
                  {acts.map(({ id, button }) => (
                    <Button key={id} onClick={() => setOpenId(id)}>
                      {button}
                    </Button>
                  ))}
                </SpaceBetween>
              )
            }
          >
            {title}
          </Header>
        }
      >
        {children}
        {open?.dialog(() => setOpenId(undefined))}
      </Container>
    </section>
  );
}
