#!/bin/sh
# Runs inside of the booted container: the life of the package under systemd, one line of /check/report a step.
report=/check/report
exec >/check/log 2>&1
set -x
: > "$report"
check() {
  what=$1
  shift
  if "$@"; then echo "ok $what" >> "$report"; else echo "no $what" >> "$report"; fi
}
# Waits up to 30 s for a command to succeed.
soon() {
  for _ in $(seq 60); do
    if "$@"; then return 0; fi
    sleep 0.5
  done
  return 1
}
shows() { [ "$(systemctl show aelf -p "$1" --value)" = "$2" ]; }
height() { aelf status --config /var/lib/aelf/aelf.yaml --json | sed -n 's/.*"height": *"\{0,1\}\([0-9]*\).*/\1/p' | head -n 1; }
above() { now=$(height) && [ "${now:-0}" -gt "$1" ]; }
belongs() { [ "$(stat -c %a /var/lib/aelf/)" = 700 ] && [ "$(stat -c %U /var/lib/aelf/keystore.json)" != root ]; }

check 'apt finds what it depends on' dpkg --install /check/aelf.deb
check 'it is enabled' systemctl is-enabled aelf
check 'without a configuration it does not run, and that is no failure' shows ActiveState inactive
check 'init makes its folder' aelf init --dir /var/lib/aelf --slot 500ms
check 'it starts' systemctl start aelf
check 'it makes blocks inside of its sandbox' soon above 3
check 'its folder belongs to its own user' belongs
check 'no restart was needed' shows NRestarts 0
check 'the doctor is content' aelf doctor --config /var/lib/aelf/aelf.yaml
before=$(height)
systemctl kill --signal=KILL aelf
check 'killed, it is started again' soon shows NRestarts 1
check 'and goes on where it was' soon above "$before"
check 'it stops' systemctl stop aelf
check 'with code 0' shows ExecMainStatus 0
sed -i 's/^genesisHash:.*/genesisHash: "0x1111111111111111111111111111111111111111111111111111111111111111"/' /var/lib/aelf/aelf.yaml
systemctl start aelf
check 'what starting again cannot repair ends with code 2' soon shows ExecMainStatus 2
sleep 7
check 'and is left at that' shows ActiveState failed
check 'it is removed' dpkg --remove aelf
check 'and its unit with it' test ! -e /lib/systemd/system/aelf.service
check 'it is purged' dpkg --purge aelf
check 'and its settings with it' test ! -e /etc/default/aelf
check 'the key stays' test -s /var/lib/aelf/keystore.json
echo end >> "$report"
