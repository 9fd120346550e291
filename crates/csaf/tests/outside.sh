#!/usr/bin/env bash
# Runs this crate's tests against what is not ours: the standard's test documents (from the wheel `csaf` on
# PyPI, which carries them unchanged) and another validator (npm). Both are pinned and stay in a cache
# outside of the repository; the network is used the first time only.
#   crates/csaf/tests/outside.sh [ARGUMENTS OF cargo test]
#   crates/csaf/tests/outside.sh --fetch     only fetches them, and says where they are: for ./test
set -euo pipefail
cd "$(dirname "$0")/../../.."
cache="${XDG_CACHE_HOME:-$HOME/.cache}/atalaya/outside"
kit="$cache/csaf-kit-2026.10.25"
judge="$cache/csaf-validator-lib-2.0.10"

if [ ! -e "$kit/whole" ]; then
  rm -rf "$kit"; mkdir -p "$kit/wheel"
  "${PYTHON:-python3}" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$kit/wheel" csaf==2026.10.25
  echo "6fe8603aa275661dfe01c8181fdd8d502fa9ce3c591f1060640ee2a6185bb889  $(echo "$kit"/wheel/*.whl)" | sha256sum --check --quiet
  "${PYTHON:-python3}" -m zipfile -e "$kit"/wheel/*.whl "$kit/all"
  mv "$kit/all/csaf/csaf/v20/data" "$kit/20"
  mv "$kit/all/csaf/csaf/v21/data" "$kit/21"
  mv "$kit/all/csaf/csaf/v21/schema" "$kit/schema"
  mv "$kit/all/csaf/csaf/v21/feed/provider.json" "$kit/schema/"
  rm -rf "$kit/all" "$kit/wheel" "$kit/21/v20_examples"
  touch "$kit/whole"
fi
if [ ! -e "$judge/done" ]; then
  rm -rf "$judge"; mkdir -p "$judge"
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$judge" @secvisogram/csaf-validator-lib@2.0.10
  touch "$judge/done"
fi
if [ "${1:-}" = --fetch ]; then
  echo "$kit $judge"
  exit
fi
CSAF_KIT="$kit" CSAF_JUDGE="$judge" exec cargo test -p csaf --test all "$@" -- --nocapture kit:: other::
