#!/bin/sh
# Compares what comes from others, and every module of ours, with the hashes written down.
#   ./check.sh           compare (no network)
#   ./check.sh write     write the hashes of our modules anew, after a change
# OpenPGP.js is compared with the hash in this script in both cases: it never changes by accident.
set -eu
cd "$(dirname "$0")"
openpgp=9050f2ad7aa194c00c31f19b7bcc45de6fe719ec847ca9968c9084041d4f820d95ad2e939d3068275407c6a6c718e1e0
got=$(sha384sum openpgp.min.mjs | cut -d' ' -f1)
if [ "$got" != "$openpgp" ]; then
  echo "openpgp.min.mjs is not the file of OpenPGP.js 6.3.2: $got" >&2
  exit 1
fi
if [ "${1:-}" = write ]; then
  sha384sum -- *.js openpgp.min.mjs > SHA384SUMS
else
  sha384sum --check --quiet --strict SHA384SUMS
  # A module that nobody wrote down would not be looked at.
  for file in *.js; do grep -q "  $file\$" SHA384SUMS || { echo "$file is not in SHA384SUMS" >&2; exit 1; }; done
fi
