export {
  type DecodedCall,
  type DecodedError,
  type DecodedEvent,
  decodeCall,
  decodeError,
  decodeEvent,
  decodeItemValue,
  type EncodedCall,
  encodeCall,
  encodeItemKey,
  type ItemLocation,
} from './codec.ts'
export { MetadataError } from './error.ts'
export { findContract, findEvent, findItem, findMethod, findView, getItem, getMethod } from './find.ts'
export { descriptors } from './generated/descriptors.ts'
export type { ContractDescriptor, StoredItemDescriptor, ViewDescriptor } from './types.ts'
