import { COLLECTION_CONTRACT, currentCollectionPath, type SignedHeader, statePath, systemAddress } from '#kernel'
import type { BlockNode } from '#ledger'
import { bytesToHex, type Hash } from '#primitives'
import { plainHex } from '../oracle/chain.ts'
import { type Course, entriesOf, openCourse, proceed, type Successor } from '../oracle/collection.ts'

const candidatePath = statePath(systemAddress(COLLECTION_CONTRACT), 4, new Uint8Array(0))

type Node = Pick<BlockNode<unknown>, 'header' | 'tree' | 'parent'>

/**
 * How far updates have come after every block that any machine took for its head, by the oracle's rule, on whatever branch. A
 * machine's state must say the same.
 */
export class Courses {
  private readonly known = new Map<Hash, Course>()
  private readonly about: (hash: string) => Successor

  constructor(genesis: SignedHeader, collection: Hash, about: (hash: string) => Successor) {
    this.about = about
    this.known.set(genesis.hash, openCourse(plainHex(collection)))
  }

  get(hash: Hash): Course | undefined {
    return this.known.get(hash)
  }

  /** Whether any block of that height, on any branch, ran with a collection. */
  ran(collection: Hash, height: number): boolean {
    const hash = plainHex(collection)
    return [...this.known.values()].some((course) => course.height === height && course.ran === hash)
  }

  /** Undefined where nothing is known of what went before. */
  of(node: Node): Course | undefined {
    const waiting: Node[] = []
    let at: Node | undefined = node
    while (at !== undefined && !this.known.has(at.header.hash)) {
      waiting.push(at)
      at = at.parent
    }
    let course = at === undefined ? undefined : this.known.get(at.header.hash)
    for (const { header } of waiting.reverse()) {
      if (course === undefined) return undefined
      course = proceed(course, plainHex(header.signal), this.about)
      this.known.set(header.hash, course)
    }
    return course
  }

  /** What is wrong with the entries of a node's state; nothing when they are as the rule has them. */
  fault({ tree, header }: Node, course: Course): string | undefined {
    if (tree === undefined) return undefined
    const expected = entriesOf(course)
    const hex = (path: Hash): string | undefined => {
      const bytes = tree.get(path)
      return bytes === undefined ? undefined : plainHex(bytesToHex(bytes))
    }
    const [current, candidate] = [hex(currentCollectionPath), hex(candidatePath)]
    if (current === expected.current && candidate === expected.candidate) return undefined
    const says = `says ${current?.slice(0, 80)} and ${candidate}`
    return `block ${header.height} ${says}, by the rule it is ${expected.current.slice(0, 80)} and ${expected.candidate}`
  }
}
