import { kernel } from '../index.ts'
export const loop: number = kernel.length
