/** Largest bundle, in bytes. */
export const MAX_BUNDLE_BYTES: number = 4 * 1024 * 1024
/** Largest source archive, in bytes. */
export const MAX_ARCHIVE_BYTES: number = 16 * 1024 * 1024
/** Most files of a source. */
export const MAX_SOURCE_FILES = 2_000
/** Largest file of a source, in bytes. */
export const MAX_SOURCE_FILE_BYTES: number = 1024 * 1024
/** Longest path of a file in a source; what the header of a tar holds. */
export const MAX_PATH_CHARS = 100
/** Values that a bundle sets. */
export const MAX_BUNDLE_PARAMS = 256
/** Longest name or version. */
export const MAX_NAME_CHARS = 64
/** How long the code may take to declare its contracts. */
export const LOAD_TIMEOUT_MS = 2_000
