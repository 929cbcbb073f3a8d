/** The version of the package, put in when it is built. */

declare const IGWALK_VERSION: string | undefined;

export const VERSION: string = typeof IGWALK_VERSION === 'string' ? IGWALK_VERSION : 'not built';
