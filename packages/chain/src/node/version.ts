/** Version of this node, as clients see it. */
export const VERSION = 'aelf/0.1.0'
