import type { IconName } from '@lib/icons';
import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from './basics';

export type MenuItem = {
  key: string;
  label: string;
  icon?: IconName;
  hint?: string;
  checked?: boolean;
  danger?: boolean;
  disabledWhy?: string;
  act: () => void;
};
export type MenuGroup = { label?: string; items: MenuItem[] };

export function ActionMenu({ target, groups, label }: { target: ReactNode; groups: MenuGroup[]; label?: string }) {
  const shown = groups.filter((group) => group.items.length > 0);
  return (
    <Menu
      position="bottom-end"
      shadow="md"
      withinPortal
      withInitialFocusPlaceholder={false}
      transitionProps={{ duration: 0 }}
      zIndex={250}
      returnFocus
    >
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown aria-label={label} className="menu">
        {shown.map((group, i) => (
          <div key={group.label ?? i} className="menu-group">
            {group.label && <Menu.Label>{group.label}</Menu.Label>}
            {group.items.map((item) => (
              <Menu.Item
                key={item.key}
                onClick={item.act}
                disabled={Boolean(item.disabledWhy)}
                className={item.danger ? 'danger' : undefined}
                leftSection={
                  item.checked !== undefined ? (
                    <span className="tick">{item.checked && <Icon name="check" small />}</span>
                  ) : (
                    item.icon && <Icon name={item.icon} small />
                  )
                }
                rightSection={item.hint && <kbd>{item.hint}</kbd>}
              >
                {item.label}
                {item.disabledWhy && <small className="why-not">{item.disabledWhy}</small>}
              </Menu.Item>
            ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
