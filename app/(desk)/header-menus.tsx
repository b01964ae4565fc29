import { UserMenu } from '@/components/account/user-menu';
import { LanguageMenu } from '@/components/preferences/language-menu';
import { ThemeMenu } from '@/components/preferences/theme-menu';

/** What stands at the end of every header. */
export function HeaderMenus({ username }: { username: string }) {
  return (
    <div className="flex">
      <LanguageMenu />
      <ThemeMenu />
      <UserMenu username={username} />
    </div>
  );
}
