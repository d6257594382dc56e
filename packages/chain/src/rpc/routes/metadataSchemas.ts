import { z } from 'zod'
import type { FieldType } from '#kernel'
import { addressSchema } from './schemas.ts'
import type { ContractInfo, MetadataView } from './views.ts'

const countSchema = z.number().int().min(0)

const fieldTypes = [
  'address',
  'uint8',
  'uint32',
  'uint64',
  'uint128',
  'uint256',
  'bool',
  'string',
  'bytes',
  'bytes8',
  'bytes32',
] as const satisfies readonly FieldType[]
const fieldSchema = z.object({ name: z.string(), type: z.enum(fieldTypes) })
const memberShape = { contract: z.string(), name: z.string(), number: countSchema }

const contractSchema: z.ZodType<ContractInfo> = z.object({
  name: z.string(),
  number: countSchema,
  address: addressSchema,
  methods: z.array(
    z.object({
      ...memberShape,
      contractAddress: addressSchema,
      signature: z.string(),
      intent: z.string(),
      doc: z.string(),
      nonParallel: z.boolean(),
      abi: z.object({ name: z.string(), args: z.array(fieldSchema) }),
    }),
  ),
  items: z.array(
    z.object({
      ...memberShape,
      key: z.array(z.enum(fieldTypes)),
      keyNames: z.array(z.string()),
      value: z.array(fieldSchema),
    }),
  ),
  events: z.array(z.object({ ...memberShape, fields: z.array(fieldSchema.extend({ indexed: z.boolean() })) })),
  errors: z.array(z.object({ ...memberShape, help: z.string() })),
  views: z.array(z.object({ name: z.string(), args: z.array(fieldSchema), doc: z.string() })),
})

/** Answer of `aelf_getMetadata`. */
export const metadataSchema: z.ZodType<MetadataView> = z.object({ contracts: z.array(contractSchema) })
