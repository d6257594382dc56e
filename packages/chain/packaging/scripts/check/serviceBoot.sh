#!/bin/sh
# Boots this machine's files, below a layer that is thrown away, as a container that runs files/steps.sh. Run in a mount namespace
# of its own; $1 is a scratch folder.
set -e
layer="$1/layer"
mkdir "$layer"
mount -t tmpfs tmpfs "$layer"
mkdir "$layer/upper" "$layer/work" "$layer/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$layer/upper,workdir=$layer/work" "$layer/root"
root="$layer/root"
units="$root/etc/systemd/system"
rm -f "$units"/*.wants/* "$root"/lib/systemd/system/timers.target.wants/*
cat > "$units/aelf-check.service" <<'UNIT'
[Service]
Type=oneshot
ExecStart=/bin/sh /check/steps.sh
ExecStopPost=/bin/systemctl poweroff --no-block
UNIT
cat > "$units/aelf-check.target" <<'UNIT'
[Unit]
Requires=basic.target
After=basic.target
Wants=aelf-check.service
UNIT
ln -sf /etc/systemd/system/aelf-check.target "$units/default.target"
mkdir "$root/check"
exec systemd-nspawn --quiet --directory="$root" --bind="$1/files:/check" --boot --register=no --keep-unit --private-network </dev/null
