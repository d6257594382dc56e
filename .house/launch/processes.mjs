import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** @param {number} pid */
export const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * When a process began, to be sure that a remembered id still means the same process; its command line would not do, since
 * programs rename themselves. Empty when there is no such process.
 * @param {number} pid
 */
const birthOf = (pid) => {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? ''
    return afterName.split(' ')[19] ?? ''
  } catch {
    return existsSync('/proc/self')
      ? ''
      : spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  }
}

/** @param {{ pid: number, birth: string }} remembered */
const isSame = ({ pid, birth }) => birth !== '' && isAlive(pid) && birthOf(pid) === birth

/** Signals a child and all it started. @param {number} pid @param {NodeJS.Signals} signal */
const signalGroup = (pid, signal) => {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal)
      return
    } catch {
      // not a group leader, or gone: try the process itself
    }
  }
}

/** @param {number} pid @param {number} graceMs */
const end = async (pid, graceMs) => {
  signalGroup(pid, 'SIGTERM')
  for (let waited = 0; waited < graceMs && isAlive(pid); waited += 50) await sleep(50)
  if (isAlive(pid)) signalGroup(pid, 'SIGKILL')
}

/** @param {string} path @param {number} count */
export const lastLines = (path, count) =>
  existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').slice(-count).join('\n') : ''

/**
 * @typedef {{ pid: number, birth: string }} Remembered
 * @typedef {{ launcher: Remembered, address?: string, children: Record<string, Remembered> }} RunRecord
 * @typedef {{ name: string, script: string, args: string[], env?: Record<string, string>, cwd: string }} ChildOptions
 * @typedef {{ pid: number, exited: () => string | undefined, stop: () => Promise<void> }} Child
 */

/**
 * Starts children in groups of their own, so that Ctrl-C reaches only us and they end in the right order, and remembers them
 * in `run.json`, so that the next start can end those that outlived a killed launcher.
 * @param {string} dataDir
 */
export const createProcesses = (dataDir) => {
  const recordPath = `${dataDir}/run.json`
  mkdirSync(`${dataDir}/logs`, { recursive: true })
  /** @type {RunRecord} */
  const record = { launcher: { pid: process.pid, birth: birthOf(process.pid) }, children: {} }
  /** @type {{ name: string, child: Child }[]} */
  const running = []
  /** @type {((message: string) => void)[]} */
  const listeners = []
  let stopping = false
  /** Ids of children we are ending on purpose. @type {Set<number>} */
  const ending = new Set()

  const save = () => {
    writeFileSync(`${recordPath}.new`, JSON.stringify(record))
    renameSync(`${recordPath}.new`, recordPath)
  }

  /** @param {ChildOptions} options @returns {Child} */
  const start = ({ name, script, args, env = {}, cwd }) => {
    const logPath = `${dataDir}/logs/${name}.log`
    const log = openSync(logPath, 'w')
    const child = spawn(process.execPath, [script, ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
      detached: true,
    })
    closeSync(log)
    const pid = child.pid
    if (pid === undefined) throw new Error(`${name} could not be started: ${script}`)
    /** @type {string | undefined} */
    let exit
    child.once('exit', (code, signal) => {
      exit = `${name} ended (${signal ?? `code ${code}`}). Its last words, from ${logPath}:\n${lastLines(logPath, 15)}`
      if (!stopping && !ending.has(pid)) for (const listener of listeners) listener(exit)
    })
    record.children[name] = { pid, birth: birthOf(pid) }
    save()
    const stop = async () => {
      ending.add(pid)
      await end(pid, 10_000)
      delete record.children[name]
      save()
    }
    const handle = { pid, exited: () => exit, stop }
    running.push({ name, child: handle })
    return handle
  }

  /** Ends what the last launcher of this folder left behind; returns its address when it still runs. */
  const settle = async () => {
    if (existsSync(recordPath)) {
      /** @type {RunRecord} */
      const last = JSON.parse(readFileSync(recordPath, 'utf8'))
      if (last.launcher.pid !== process.pid && isSame(last.launcher)) return last
      for (const child of Object.values(last.children).reverse()) if (isSame(child)) await end(child.pid, 10_000)
    }
    save()
    return undefined
  }

  const stopAll = async () => {
    stopping = true
    while (running.length > 0) await running.pop()?.child.stop()
    rmSync(recordPath, { force: true })
  }

  return {
    start,
    settle,
    stopAll,
    /** @param {(message: string) => void} listener */
    onUnexpectedExit: (listener) => void listeners.push(listener),
    /** @param {string} address */
    announce: (address) => {
      record.address = address
      save()
    },
  }
}
