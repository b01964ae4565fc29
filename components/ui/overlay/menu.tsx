'use client';

import { Check } from 'lucide-react';
import { DropdownMenu as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';

const ITEM =
  'flex min-h-8 cursor-pointer items-center gap-2 rounded px-2 text-table outline-none data-[highlighted]:bg-accent-tint data-[highlighted]:text-ink max-md:min-h-11 [&_svg]:size-4';

type MenuProps = { trigger: ReactNode; children: ReactNode };

export function Menu({ trigger, children }: MenuProps) {
  return (
    <Primitive.Root modal={false}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      {/* No portal: the menu stays in the landmark of its button, where readers expect it. */}
      <Primitive.Content
        align="end"
        sideOffset={4}
        collisionPadding={8}
        className="animate-appear z-50 min-w-48 rounded-md border border-line bg-raised p-1 shadow-lg"
      >
        {children}
      </Primitive.Content>
    </Primitive.Root>
  );
}

export function MenuItem({ onSelect, children }: { onSelect: () => void; children: ReactNode }) {
  return (
    <Primitive.Item className={ITEM} onSelect={onSelect}>
      {children}
    </Primitive.Item>
  );
}

/** Items under a heading. The heading is the group's name, so readers hear it once. */
export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Primitive.Group aria-label={label}>
      <div aria-hidden className="px-2 pt-2 pb-1 text-label font-medium text-muted">
        {label}
      </div>
      {children}
    </Primitive.Group>
  );
}

export function MenuSeparator() {
  return <Primitive.Separator className="my-1 h-px bg-line" />;
}

type ChoicesProps<T extends string> = {
  label: string;
  value: T | undefined;
  onValue: (value: T) => void;
  choices: readonly { value: T; label: ReactNode }[];
};

/** One of several, marked with a tick. */
export function MenuChoices<T extends string>({ label, value, onValue, choices }: ChoicesProps<T>) {
  function choose(next: string) {
    const choice = choices.find((one) => one.value === next);
    if (choice) onValue(choice.value);
  }
  return (
    <MenuGroup label={label}>
      <Primitive.RadioGroup {...(value === undefined ? {} : { value })} onValueChange={choose}>
        {choices.map((choice) => (
          <Primitive.RadioItem key={choice.value} value={choice.value} className={ITEM}>
            <span className="grid size-4 place-items-center">
              <Primitive.ItemIndicator>
                <Check aria-hidden />
              </Primitive.ItemIndicator>
            </span>
            {choice.label}
          </Primitive.RadioItem>
        ))}
      </Primitive.RadioGroup>
    </MenuGroup>
  );
}
