/**
 * ui: what every page is made of. It owns how things look, how they are worked by key and what they say to a screen reader. It
 * refuses to call the server and to know what is shown in it; words about tokens are handed in. What is heavy (`combobox.tsx`)
 * is imported from its own file, so that only the pages that use it load it.
 */
export { Badge, type BadgeLook } from './badge.tsx';
export { Button, ButtonLink, type ButtonProps, IconButton, Spinner } from './button.tsx';
export { classes } from './class-names.ts';
export { CopyButton } from './copy-button.tsx';
export { ConfirmDialog, Dialog } from './dialog.tsx';
export { EmptyState } from './empty-state.tsx';
export { Fact } from './fact.tsx';
export { Checkbox, Field, PasswordInput, Select, TextArea, TextInput } from './field.tsx';
export { FilterChip } from './filter-chip.tsx';
export { FormDialog } from './form-dialog.tsx';
export { Icon, type IconName } from './icon.tsx';
export {
  Menu,
  MenuChoice,
  MenuItem,
  MenuLine,
  RowMenu,
  type RowMenuHandle,
  RowMenuTrigger,
  useRowMenu,
} from './menu.tsx';
export { ErrorNotice, FailedNotice, Notice } from './notice.tsx';
export { type Crumb, PageHeader } from './page-header.tsx';
export { Pagination } from './pagination.tsx';
export { DayOf, exactTime, RelativeTime, relativeTime } from './relative-time.tsx';
export { saveFile } from './save-file.ts';
export { SearchBox } from './search-box.tsx';
export { SecretOnce } from './secret-once.tsx';
export { type Column, Table } from './table.tsx';
export { Tabs } from './tabs.tsx';
export { say, Toasts } from './toast.tsx';
export { useForgetting } from './use-forgetting.ts';
export { useKept } from './use-kept.ts';
