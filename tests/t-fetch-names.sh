#!/bin/sh
# SPDX-License-Identifier: MIT
# Names that fetch has to resolve, in a network of their own: addresses that look public, a resolver that lies and
# changes its mind, hosts with IPv6 only. tests/fetch/names.mjs, in namespaces that lead nowhere.
tests=$(cd "$(dirname "$0")" && pwd)
: "${NODE:=$(echo "$(dirname "$tests")"/build/modules/v8/node_modules/node-linux-*/bin/node)}"

if ! unshare -rmn true 2>/dev/null; then
    echo '1..0 # SKIP there are no user namespaces here'
    exit 0
fi
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
echo 'nameserver 127.0.0.1' >"$dir/resolv.conf"
echo 'search lan.test' >>"$dir/resolv.conf"
echo 'options timeout:1 attempts:1' >>"$dir/resolv.conf"
echo '127.0.0.1 localhost' >"$dir/hosts"
echo 'hosts: files dns' >"$dir/nsswitch.conf"

# shellcheck disable=SC2016 # for the inner shell
unshare -rmn sh -c '
    set -e
    ip link set lo up
    for address in 93.184.216.34/32 93.184.216.35/32 10.0.0.5/32 169.254.169.254/32 100.100.100.200/32; do
        ip address add "$address" dev lo
    done
    for address in 2606:4700::1/128 fd00::5/128 64:ff9b::7f00:1/128 2002:7f00:1::1/128 2001::1/128 2001:db8::1/128; do
        ip -6 address add "$address" dev lo nodad
    done
    for file in resolv.conf hosts nsswitch.conf; do
        mount --bind "$1/$file" "$(readlink -f "/etc/$file")"
    done
    exec "$2" "$3/fetch/names.mjs"
' sh "$dir" "$NODE" "$tests"
