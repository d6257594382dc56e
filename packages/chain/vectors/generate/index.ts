import { chainHashVectors, headerVectors, pathVectors, receiptVectors } from './blocks.ts'
import { bundleVectors } from './bundle.ts'
import { transactionVectors } from './transactions.ts'
import { listVectors, sparseVectors } from './trees.ts'

/** Content of every vector file by name. */
export const generateVectors = (): Readonly<Record<string, object>> => ({
  transaction: transactionVectors(),
  header: headerVectors(),
  receipt: receiptVectors(),
  sparse: sparseVectors(),
  list: listVectors(),
  path: pathVectors(),
  chainHash: chainHashVectors(),
  bundle: bundleVectors(),
})
