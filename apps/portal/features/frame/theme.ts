/** Name of the cookie and its values; shared by the server, which draws first, and the toggle. */
export type Theme = 'system' | 'light' | 'dark'
export const THEME_COOKIE = 'aelf-theme'
