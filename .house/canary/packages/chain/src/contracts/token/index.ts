export const token = 1
