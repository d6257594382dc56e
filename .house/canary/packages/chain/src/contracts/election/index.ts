import { token } from '../token/index.ts'
export const election: number = token
