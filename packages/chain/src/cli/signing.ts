import type { Command } from 'commander'

/** Adds the options of a command that signs. */
export const signing = (command: Command): Command =>
  command
    .option('--key-file <file>', 'file with the key to sign with')
    .option('--keystore <file>', 'keystore to sign with')
    .option('--password-file <file>', 'file with the password of the keystore; asked for when left out')
    .option('--demo <n>', 'sign as a demo account of a development network')
    .option('--fee-limit <elf>', 'most to pay; twice the estimate when left out')
    .option('--timeout <duration>', 'longest wait for a block', '60s')
    .option('--no-wait', 'do not wait for a block')
