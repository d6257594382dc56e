export * from './sandbox/index.ts'
export * from './simnet/index.ts'
