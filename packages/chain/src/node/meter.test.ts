import { describe, expect, test } from 'vitest'
import { taggedHash } from '#primitives'
import type { NodeStatus } from './api.ts'
import { createMeter } from './meter.ts'

const [one, other] = [taggedHash('aelf/test-collection/1'), taggedHash('aelf/test-collection/2')]

const status = {
  version: 'aelf/0.1.0',
  engines: { signature: 'libsecp256k1', hash: 'wasm' },
  height: 9n,
  finalizedHeight: 5n,
  prevotedHeight: 7n,
  mempool: { transactions: 3, bytes: 900 },
} as unknown as NodeStatus

describe('metrics', () => {
  test('default: the names, kinds and labels that dashboards rely on', async () => {
    const meter = createMeter({ processFigures: false })
    const costs = { contract: 'token', method: 'transfer', calls: 4, units: 23, expectedUs: 12 }
    const executionCosts = () => [{ ...costs, totalExpectedUs: 44, totalMeasuredUs: 50 }]
    meter.watch({ status: () => status, executionCosts }, () => ({
      slot: 40n,
      peers: 6,
      targetHeight: 11n,
      clockOffsetMs: -1500,
      missed: 2n,
      excluded: true,
      suspended: false,
      bans: 1,
      collection: { running: one, signal: undefined, installed: [one, other] },
    }))
    meter.imported(0.02)
    meter.committed(0.003)
    meter.produced()
    meter.call({ method: 'aelf_chainInfo', outcome: 'ok', seconds: 0.001 })
    meter.message({ direction: 'in', kind: 'block', bytes: 500 })
    const text = await meter.text()
    const kinds = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, kind]) => `${name} ${kind}`)
    expect(kinds.sort()).toEqual([
      'aelf_block_commit_seconds histogram',
      'aelf_block_import_seconds histogram',
      'aelf_blocks_produced_total counter',
      'aelf_build_info gauge',
      'aelf_clock_offset_seconds gauge',
      'aelf_collection_info gauge',
      'aelf_collection_installed gauge',
      'aelf_excluded gauge',
      'aelf_execution_call_expected_seconds gauge',
      'aelf_execution_calls_total counter',
      'aelf_execution_expected_seconds_total counter',
      'aelf_execution_measured_seconds_total counter',
      'aelf_finalized_height gauge',
      'aelf_head_height gauge',
      'aelf_mempool_bytes gauge',
      'aelf_mempool_transactions gauge',
      'aelf_p2p_bytes_total counter',
      'aelf_p2p_messages_total counter',
      'aelf_peer_bans_total counter',
      'aelf_peers_connected gauge',
      'aelf_prevoted_height gauge',
      'aelf_rpc_call_seconds histogram',
      'aelf_rpc_calls_total counter',
      'aelf_slot_current gauge',
      'aelf_slots_missed_total counter',
      'aelf_suspended gauge',
      'aelf_sync_target_height gauge',
    ])
    for (const line of [
      'aelf_head_height 9',
      'aelf_slots_missed_total 2',
      `aelf_collection_info{running="${one}",signal="none"} 1`,
      `aelf_collection_installed{collection="${other}"} 1`,
      'aelf_peer_bans_total 1',
      'aelf_excluded 1',
      'aelf_clock_offset_seconds -1.5',
      'aelf_suspended 0',
      'aelf_execution_calls_total{contract="token",method="transfer"} 4',
      'aelf_execution_measured_seconds_total{contract="token",method="transfer"} 0.00005',
      'aelf_execution_expected_seconds_total{contract="token",method="transfer"} 0.000044',
      'aelf_execution_call_expected_seconds{contract="token",method="transfer"} 0.000012',
      'aelf_blocks_produced_total 1',
      'aelf_build_info{version="aelf/0.1.0",signature="libsecp256k1",hash="wasm"} 1',
      'aelf_rpc_calls_total{method="aelf_chainInfo",outcome="ok"} 1',
      'aelf_rpc_call_seconds_count{method="aelf_chainInfo"} 1',
      'aelf_p2p_messages_total{direction="in",kind="block"} 1',
      'aelf_p2p_bytes_total{direction="in"} 500',
      'aelf_block_import_seconds_count 1',
    ]) {
      expect(text.split('\n')).toContain(line)
    }
    // Reading twice counts nothing twice.
    expect(await meter.text()).toBe(text)
  })

  test('behavior: figures of the process come along', async () => {
    expect(await createMeter().text()).toContain('process_cpu_seconds_total')
  })
})
